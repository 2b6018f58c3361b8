-- One row per stored claim: its id. Left out: nothing.
select key_hi, key_lo, norm_id
from claim_stored
