-- One row per pair that is the best of what is left for both its rows.
-- Left out: pairs of which one row has a better partner still open.
with best_of_event as (
    select event_order, min(pair_rank) as pair_rank
    from open_pair
    group by event_order
),

best_of_claim as (
    select claim_order, min(pair_rank) as pair_rank
    from open_pair
    group by claim_order
)

select
    p.event_order,
    p.claim_order,
    $rule as rule
from open_pair as p
inner join best_of_event as e on p.event_order = e.event_order and p.pair_rank = e.pair_rank -- rule: best_for_the_event
inner join best_of_claim as c on p.claim_order = c.claim_order and p.pair_rank = c.pair_rank -- rule: best_for_the_claim
