-- One row per stored lead of the batches: its id. Left out: rows of other batches of the same files.
select key_hi, key_lo, norm_id
from lead_stored
where batch in (select unnest($batches::varchar[]))
