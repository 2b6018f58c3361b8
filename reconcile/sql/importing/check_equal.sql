-- One row: how many rows of a file that name no lead say the very same as a row of overlapping files of
-- its sender, and the first of their lines. Left out: rows with an id, which tells what they are.
select
    count(*) as equal,
    min(line_no) as line_no
from checked_row
where
    row_hi is not null
    and exists (
        select 1
        from other_row
        where
            other_row.row_hi = checked_row.row_hi
            and other_row.row_lo = checked_row.row_lo
            and list_contains($batches::varchar[], other_row.batch)
    )
