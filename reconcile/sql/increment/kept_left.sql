-- One row per id of the run before that was not joined exactly and is not affected. Left out: the others.
select p.*
from prior_left as p
anti join affected_id using (key_hi, key_lo)
