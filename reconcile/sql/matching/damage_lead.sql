-- One row per damaged id that exactly one known lead fits, with that lead.
-- Left out: ids that none or several fit.
select odd_id, min(key_hi) as key_hi, min(key_lo) as key_lo
from damage_fit
group by odd_id
having count(*) = 1 -- rule: damage_of_one_lead
