-- One row per stored lead of the batches: its id, and what else may name a lead.
-- Left out: rows of other batches of the same files.
select lead_key(row_hi, key_hi) as key_hi, key_lo, transaction_id, external_clickid, clid
from lead_stored
where batch in (select unnest($batches::varchar[]))
