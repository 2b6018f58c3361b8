-- One row per candidate that a person has to choose between, in the order of the candidates.
-- Left out: candidates that were joined because nothing else fits.
select event_order, claim_order
from loose_degree
where event_partners > 1 or claim_partners > 1
