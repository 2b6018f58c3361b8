-- One row per left-over row and free row of the other side whose ids are one edit apart.
-- Left out: ids of more rows than are looked at one by one.
with either_way as (
    select event_norm as own_norm, claim_norm as other_norm, 'event' as side from id_pair
    union all
    select claim_norm as own_norm, event_norm as other_norm, 'claim' as side from id_pair
),

crowd as (
    select side, lower(norm_id) as norm, count(*) as free_rows
    from near_row
    where is_free and key_hi is not null
    group by side, lower(norm_id)
)

select
    a.row_no as asked_no,
    o.row_no as other_no,
    4 as found_no
from either_way as b
inner join near_row as own on b.side = own.side and b.own_norm = lower(own.norm_id) and own.is_free
inner join near_asked as a on own.row_no = a.row_no
inner join near_row as o on b.side <> o.side and b.other_norm = lower(o.norm_id) and o.is_free
inner join crowd as mine on b.side = mine.side and b.own_norm = mine.norm
inner join crowd as theirs on b.side <> theirs.side and b.other_norm = theirs.norm
where mine.free_rows * theirs.free_rows <= $most_pairs
