-- One row per event and claim that are each other's single candidate under the rule.
-- Left out: rows with several candidates, or with a candidate that has others.
select event_order, claim_order, $rule as rule, evidence
from fallback_degree
where
    event_partners = 1 -- rule: fallback_event_single => 1 = 1
    and claim_partners = 1 -- rule: fallback_claim_single
