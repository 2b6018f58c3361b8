-- One row per data line with a cell that is not exactly of its form. Left out: all others, and what is no data.
select
    file_no,
    line_no,
    fault.column_name,
    fault.value,
    fault.reason
from rest_row
where fault is not null and class is null
