-- One row per stored claim of the batches: its id. Left out: rows of other batches of the same files.
select key_hi, key_lo, norm_id
from claim_stored
where batch in (select unnest($batches::varchar[]))
