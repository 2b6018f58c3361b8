-- One row per line that is no data, with nothing but its class. Left out: data.
select class
from typed
where class is not null
