-- One row per candidate of a fallback rule with the number of partners each of its rows has.
-- Left out: nothing.
with per_event as (
    select event_order, cast(count(*) as bigint) as partners
    from candidate
    group by event_order
),

per_claim as (
    select claim_order, cast(count(*) as bigint) as partners
    from candidate
    group by claim_order
)

select
    p.event_order,
    p.claim_order,
    p.evidence,
    e.partners as event_partners,
    c.partners as claim_partners
from candidate as p
inner join per_event as e on p.event_order = e.event_order
inner join per_claim as c on p.claim_order = c.claim_order
