-- One row per class of the lines below the header that are no data; left out: data.
select
    class,
    count(*) as line_count
from set_apart
group by class
order by class
