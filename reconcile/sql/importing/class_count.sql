-- One row per class of the lines below the header that are no data; left out: data.
select
    class,
    count(*) as line_count
from rest_row
where class is not null
group by class
order by class
