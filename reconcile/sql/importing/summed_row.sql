-- One row per id, its lines added up, and per line that was not. Left out: nothing.
select *
from summed
