-- One row per line that was looked at again and is data, of all parts so far. Left out: nothing.
select *
from late_line
