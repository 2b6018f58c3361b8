-- One row per postback of a part of a plan, in the order of the plan: what a person is shown of it.
-- They are read from its first to its last without sorting: the rows of a plan lie side by side, as good
-- as always.
select
    id, finding_ref, campaign_id, event_id, transaction_id, pid, buyer, revenue_e4, currency, path,
    body, mode, state, reason, tries
from intent
where
    plan = $plan
    and id >= (select min(head.id) from intent as head where head.plan = $plan)
    and id <= (select max(tail.id) from intent as tail where tail.plan = $plan)
order by id
limit $count offset $skip;
