-- One row per candidate of which neither row is paired yet.
-- Left out: what the round before has joined.
select p.event_order, p.claim_order, p.pair_rank
from open_pair as p
left join best_pair as taken_event on p.event_order = taken_event.event_order
left join best_pair as taken_claim on p.claim_order = taken_claim.claim_order
where taken_event.event_order is null and taken_claim.claim_order is null
