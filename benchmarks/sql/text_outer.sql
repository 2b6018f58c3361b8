-- One row per class, buyer and day, as text_union.sql gives them, by a full outer join of text keys.
-- Each side is summed by key before: joined row by row, placeholders would meet by the million.
with event_key as (
    select
        id, event, count(*) as events, min(buyer) as buyer, min(day) as day, min(revenue) as price,
        sum(revenue) as money
    from event_row
    group by id, event
),

claim_key as (
    select
        id, event, count(*) as claims, min(buyer) as buyer, min(day) as day, min(revenue) as price,
        sum(revenue) as money
    from claim_row
    group by id, event
),

joined as (
    select
        coalesce(e.events, 0) as events,
        coalesce(c.claims, 0) as claims,
        least(e.buyer, c.buyer) as buyer,
        least(e.day, c.day) as day,
        e.price is not distinct from c.price as same_price,
        e.money as event_money,
        c.money as claim_money
    from event_key as e
    full outer join claim_key as c on e.id = c.id and e.event = c.event
)

select
    case
        when events > 1 or claims > 1 then 'several'
        when claims = 0 then 'only_event'
        when events = 0 then 'only_claim'
        when same_price then 'matched'
        else 'differs'
    end as class,
    buyer,
    day,
    count(*) as keys,
    sum(events)::bigint as events,
    sum(claims)::bigint as claims,
    sum(event_money) as event_money,
    sum(claim_money) as claim_money
from joined
group by class, buyer, day
