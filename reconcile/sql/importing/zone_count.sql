-- One row: data lines with a time, and those of them that name a zone code beside it.
-- Left out: lines that are no data.
select
    count(*) as timed,
    count(*) filter (where zone_code is not null) as coded
from text_cell
where time_text is not null and class is null
