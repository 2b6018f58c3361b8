-- One row per left-over row and free row of the other side whose ids are the same but for case, marks and
-- leading zeros, or that a rule for damaged ids has named. Left out: ids of more rows than are looked at.
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
),

chosen as (
    select row_no(e.file_no, e.line_no) as event_row_no, row_no(c.file_no, c.line_no) as claim_row_no
    from choice as p
    inner join event_run as e on p.event_order = e.event_order
    inner join claim_run as c on p.claim_order = c.claim_order
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
union all
select
    a.row_no as asked_no,
    chosen.claim_row_no as other_no,
    1 as found_no
from chosen
inner join near_asked as a on chosen.event_row_no = a.row_no
union all
select
    a.row_no as asked_no,
    chosen.event_row_no as other_no,
    1 as found_no
from chosen
inner join near_asked as a on chosen.claim_row_no = a.row_no
