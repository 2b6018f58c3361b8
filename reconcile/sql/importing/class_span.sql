-- One row per stretch of lines of one class that are no data and follow on each other, in their order: its
-- first line, its last, the class. Left out: data, and all beyond the first $most.
with placed as (
    select
        line_no,
        class,
        line_no - row_number() over (partition by class order by line_no) as stretch
    from rest_row
    where class is not null
)

select
    min(line_no) as first_line,
    max(line_no) as last_line,
    class
from placed
group by class, stretch
order by first_line
limit $most
