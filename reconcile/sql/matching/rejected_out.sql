-- One row per row of a file that could not be read, with what was found and why it was rejected.
-- Left out: nothing.
select f.file, r.line_no as line, r.column_name as "column", r.value, r.reason
from rejected_row as r
inner join source_file as f on r.file_no = f.file_no
order by f.file nulls last, r.line_no nulls last, r.column_name nulls last
