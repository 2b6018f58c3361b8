-- One row: how many times lie in an hour that the clocks of their zone show twice, read as the second.
-- Left out: all other times.
select
    count(*) as row_count,
    min(line_no) as line_no
from checked_row
where len(list_filter($hours, lambda x: occurred_at >= x.begin and occurred_at < x.stop)) > 0
