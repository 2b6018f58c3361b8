-- One row per line that would not be loaded, the first ones. Left out: all but $limit.
select
    line_no,
    column_name,
    value,
    reason
from rejected_row
order by line_no
limit $limit
