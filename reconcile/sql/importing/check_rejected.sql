-- One row per line that was rejected. Left out: nothing.
select distinct line_no
from rejected_row
