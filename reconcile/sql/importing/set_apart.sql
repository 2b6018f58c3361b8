-- One row per line that is no data, with nothing but its number and class. Left out: data.
select
    line_no,
    class
from typed
where class is not null
