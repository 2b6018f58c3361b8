-- Changes `occ` of the rows in `repeated_row`; left out: all others, which keep 1.
update staged_row
set occ = repeated_row.occ
from repeated_row
where staged_row.line_no = repeated_row.line_no
