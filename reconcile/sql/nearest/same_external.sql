-- One row per left-over row and free row of the other side that name the same external id.
-- Left out: external ids of more rows than are looked at one by one.
with shared as (
    select external_clickid
    from near_row
    where is_free and external_clickid is not null
    group by external_clickid
    having count_if(side = 'event') * count_if(side = 'claim') between 1 and $most_pairs
)

select
    a.row_no as asked_no,
    o.row_no as other_no,
    3 as found_no
from near_asked as a
inner join shared on a.external_clickid = shared.external_clickid
inner join near_row as o on shared.external_clickid = o.external_clickid and a.side <> o.side and o.is_free
