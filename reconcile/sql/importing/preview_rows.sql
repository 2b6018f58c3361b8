-- One row per row of a file that is only looked at, the first ones. Left out: all but $limit.
select *
from preview_row
order by line_no
limit $limit
