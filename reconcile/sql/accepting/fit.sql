-- One row per known lead that the damaged id of a row fits. Left out: leads of other ids.
select f.lead_id
from damage_fit as f
where f.odd_id = norm_key($id)
order by f.lead_id
