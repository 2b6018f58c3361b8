-- One row per pair found by the last round.
-- Left out: earlier rounds.
select event_order, claim_order, rule
from best_pair
