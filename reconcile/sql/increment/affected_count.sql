-- One row: how many ids are reconciled anew. Left out: nothing.
select count(*) as ids
from affected_id
