-- One row per id of a linked lead that is not among the affected ids yet. Left out: those that are.
select distinct
    key_hi,
    key_lo
from lead_held
anti join affected_id using (key_hi, key_lo)
