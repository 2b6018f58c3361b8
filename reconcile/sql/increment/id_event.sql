-- One row per stored event of the batches: its id. Left out: rows of other batches of the same files.
select key_hi, key_lo, norm_id
from event_stored
where batch in (select unnest($batches::varchar[]))
