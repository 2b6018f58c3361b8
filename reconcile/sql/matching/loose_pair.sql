-- One row per event and claim that are each other's single loose candidate.
-- Left out: rows with several candidates, or with a candidate that has others.
select event_order, claim_order, 'loose_id' as rule
from loose_degree
where
    event_partners = 1 -- rule: loose_event_single => 1 = 1
    and claim_partners = 1 -- rule: loose_claim_single
