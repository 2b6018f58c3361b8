-- One row per id and token of the run before that is not affected. Left out: the others, and tokens of rows whose id
-- names no lead, which were looked at anew.
select p.*
from prior_link as p
anti join affected_id using (key_hi, key_lo)
where p.key_hi is not null
