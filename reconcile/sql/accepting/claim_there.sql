-- One row per accepted pair whose claim the run has read, with whatever partner: its decision.
-- Left out: pairs whose claim is gone. One that moved in time or amount is still the accepted one.
select distinct a.decision
from unmade as a
inner join claim as c
    on
        norm_key(c.transaction_id) is not distinct from a.claim_key
        and coalesce(c.event_id = a.event_id, true)
        and (c.occurred_at is not distinct from a.claim_at or c.revenue_e4 is not distinct from a.claim_e4)
