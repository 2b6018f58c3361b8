-- One row per candidate that a person has to choose between.
-- Left out: candidates that were joined because nothing else fits.
select event_order, claim_order
from fallback_degree
where
    event_partners > 1 -- rule: choice_of_event => 1 = 0
    or claim_partners > 1 -- rule: choice_of_claim
