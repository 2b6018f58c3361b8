-- One row per status word of the rows: how often it stands there, and on which line first.
-- Left out: rows without a status.
select
    lower(trim(status)) as word,
    min(status) as spelling,
    cast(count(*) as bigint) as row_count,
    min(line_no) as line_no
from checked_row
where status is not null
group by lower(trim(status))
order by row_count desc, word
