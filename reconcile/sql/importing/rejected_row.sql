-- One row per data line with a cell that is not exactly of its form. Left out: all others.
select
    file_no,
    line_no,
    fault.column_name,
    fault.value,
    fault.reason
from typed
where fault is not null
