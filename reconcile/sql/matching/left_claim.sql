-- One row per claim of the period and the run that found no partner.
-- Left out: paired claims, and claims of the margin.
-- probe_from, probe_to: the time an export has to cover; an undated row's is its file's stated period.
select
    c.*,
    coalesce(c.occurred_at, c.stated_from) as probe_from,
    coalesce(c.occurred_at, last_instant(c.stated_to)) as probe_to
from claim_run as c
left join pair as p on c.claim_order = p.claim_order
where
    c.in_period = 1 -- rule: left_claim_of_period => 1 = 1
    and p.claim_order is null -- rule: left_claim_unpaired
