-- One row per left-over row of which too many rows share the id, its loose form, the external id, or the text
-- that is left of it without one character: so that nobody takes silence for an answer.
-- Left out: rows of which all that is like them was looked at.
with loose as (
    select side, row_no, loose_key(norm_id) as loose_id
    from near_row
    where is_free and key_hi is not null
),

crowded_loose as (
    select loose_id
    from loose
    where loose_id is not null
    group by loose_id
    having count_if(side = 'event') * count_if(side = 'claim') > $most_pairs
),

crowded_external as (
    select external_clickid
    from near_row
    where is_free and external_clickid is not null
    group by external_clickid
    having count_if(side = 'event') * count_if(side = 'claim') > $most_pairs
),

crowded_row as (
    select a.row_no
    from near_asked as a
    inner join near_key as k on a.key_hi = k.key_hi and a.key_lo = k.key_lo and k.pairs > $most_pairs
    union
    select l.row_no
    from loose as l
    inner join crowded_loose as c on l.loose_id = c.loose_id
    union
    select a.row_no
    from near_asked as a
    inner join crowded_external as c on a.external_clickid = c.external_clickid
    union
    select n.row_no
    from crowded_signature as c
    inner join near_signature as s on c.signature = s.signature
    inner join near_id as i on s.id_no = i.id_no
    inner join near_row as n on i.side = n.side and i.id = lower(n.norm_id)
)

select
    a.row_no as asked_no,
    cast(null as bigint) as other_no,
    9 as found_no
from near_asked as a
inner join crowded_row as c on a.row_no = c.row_no
