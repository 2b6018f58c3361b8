-- One row per stored lead: its id. Left out: nothing.
select key_hi, key_lo, norm_id
from lead_stored
