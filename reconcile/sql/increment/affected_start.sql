-- One row per id that has to be reconciled anew whatever else there is: those that came or went, and with $all_left
-- (another coverage or watermark) all that were not joined exactly. Left out: all others; some may be linked to one.
select key_hi, key_lo
from touched_id
union
select key_hi, key_lo
from prior_left
where $all_left
