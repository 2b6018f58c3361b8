-- One row per pair found by the last round.
-- Left out: earlier rounds. Equal ids need no evidence beside the rule.
select event_order, claim_order, rule, cast(null as varchar) as evidence
from best_pair
