-- One row per id of which some event or claim of the run found no partner, those of the margin included.
-- Left out: ids of which every row is paired, and rows whose id names no lead.
with unpaired as (
    select e.key_hi, e.key_lo
    from event_run as e
    left join pair as p on e.event_order = p.event_order
    where p.event_order is null
    union all
    select c.key_hi, c.key_lo
    from claim_run as c
    left join pair as p on c.claim_order = p.claim_order
    where p.claim_order is null
)

select distinct key_hi, key_lo
from unpaired
where key_hi is not null
