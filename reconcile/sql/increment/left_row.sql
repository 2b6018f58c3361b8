-- One row per id with a row that no exact rule has joined, and its loose id: what another import may join or
-- class anew. Left out: ids that name no lead; their rows are always looked at anew.
with unjoined as (
    select e.key_hi, e.key_lo, e.norm_id
    from event_run as e
    left join pair as p on e.event_order = p.event_order
    where p.event_order is null or p.evidence is not null
    union all
    select c.key_hi, c.key_lo, c.norm_id
    from claim_run as c
    left join pair as p on c.claim_order = p.claim_order
    where p.claim_order is null or p.evidence is not null
)

select
    key_hi,
    key_lo,
    loose_key(any_value(norm_id)) as loose_id
from unjoined
where key_hi is not null
group by key_hi, key_lo
