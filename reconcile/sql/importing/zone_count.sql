-- One row: data lines with a time, and those of them that name a zone code beside it.
-- Left out: lines that are no data.
select
    count(*) as timed,
    count(*) filter (where trimmed(c_time_zone) is not null) as coded
from text_line
anti join set_apart using (line_no)
where known(c_occurred_at) is not null
