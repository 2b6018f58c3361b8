-- One row per line of a file that was rejected. Left out: those of other files.
select distinct line_no
from rejected_row
where file_no = $file_no
