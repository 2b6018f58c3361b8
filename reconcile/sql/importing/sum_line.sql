-- One row per typed line that is data, refused or not. Left out: what is no data.
select *
from faulted
where class is null
