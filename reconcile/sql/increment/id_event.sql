-- One row per stored event: its id. Left out: nothing.
select key_hi, key_lo, norm_id
from event_stored
