-- One row per line that was looked at again and is data. Left out: refused lines, and what is no data.
select *
from rest_row
where fault is null and class is null
