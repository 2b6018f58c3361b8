-- One row per id with a row that no exact rule has joined, and its loose id: what another import may
-- join or class anew. A placeholder is an id here, but has no loose id. Left out: rows without an id.
with unjoined as (
    select e.norm_id
    from event_run as e
    left join pair as p on e.event_order = p.event_order
    where p.event_order is null or p.rule = 'loose_id'
    union all
    select c.norm_id
    from claim_run as c
    left join pair as p on c.claim_order = p.claim_order
    where p.claim_order is null or p.rule = 'loose_id'
),

unjoined_id as (
    select norm_id
    from unjoined
    where norm_id is not null
    group by norm_id
)

select
    key_hi(norm_id) as key_hi,
    key_lo(norm_id) as key_lo,
    case when usable_id(norm_id) then loose_key(norm_id) end as loose_id
from unjoined_id
