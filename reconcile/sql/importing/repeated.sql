-- One row per second or later copy of an equal row of the file, numbered in the order of its lines.
-- Left out: rows that are there once, and the first of each.
with content as (
    select
        row_hi,
        row_lo
    from staged_row
    group by row_hi, row_lo
    having count(*) > 1
),

numbered as (
    select
        line_no,
        row_number() over (partition by row_hi, row_lo order by line_no) as occ
    from staged_row
    semi join content using (row_hi, row_lo)
)

select
    line_no,
    occ::integer as occ
from numbered
where occ > 1
