-- One row per left-over row and free row of the other side whose ids are the same but for case, marks and
-- leading zeros. Left out: ids of more rows than are looked at one by one.
with loose as (
    select side, row_no, key_hi, key_lo, loose_key(norm_id) as loose_id
    from near_row
    where is_free and key_hi is not null
),

crowd as (
    select loose_id
    from loose
    where loose_id is not null
    group by loose_id
    having count_if(side = 'event') * count_if(side = 'claim') <= $most_pairs
)

select
    a.row_no as asked_no,
    o.row_no as other_no,
    1 as found_no
from near_asked as a
inner join loose as own on a.row_no = own.row_no
inner join crowd on own.loose_id = crowd.loose_id
inner join loose as o on own.loose_id = o.loose_id and a.side <> o.side
where own.key_hi <> o.key_hi or own.key_lo <> o.key_lo
