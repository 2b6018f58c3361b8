-- One row per side and id of rows that found no partner, as ids are compared letter by letter.
-- Left out: ids so short that nearly all are near each other, or longer than any id, and rows without one.
-- head, tail: of two long ids that are one edit apart, one of these is the same.
with distinct_id as (
    select
        n.side,
        lower(n.norm_id) as id,
        max(case when a.row_no is not null then 1 else 0 end) as asked
    from near_row as n
    left join near_asked as a on n.row_no = a.row_no
    where n.is_free and n.key_hi is not null and length(n.norm_id) between $shortest_id and $longest_id
    group by n.side, lower(n.norm_id)
)

select
    side,
    id,
    asked,
    cast(row_number() over () as integer) as id_no,
    length(id) as letters,
    left(id, $end_letters) as head,
    right(id, $end_letters) as tail
from distinct_id
