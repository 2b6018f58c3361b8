-- One row per row of some batches that lies in the engine already, as stored. Left out: other batches.
select *
from query_table($held)
where batch in (select unnest($batches::varchar[]))
