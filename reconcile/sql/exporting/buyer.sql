-- One row per buyer that a run has rows of. Left out: the unknown one.
select distinct buyer
from run_bridge
where buyer is not null
order by buyer
