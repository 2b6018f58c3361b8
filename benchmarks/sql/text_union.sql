-- One row per class, buyer and day: keys, rows and money of each side, by one aggregation of text keys.
-- The simple job: a key is an id and an event as they are spelled. One row a side is a match or
-- differs; more rows on a side are `several`; nothing else of the rules is decided.
with both_sides as (
    select id, event, 1 as events, 0 as claims, buyer, day, revenue
    from event_row
    union all
    select id, event, 0 as events, 1 as claims, buyer, day, revenue
    from claim_row
),

key_sum as (
    select
        id,
        event,
        sum(events) as events,
        sum(claims) as claims,
        min(buyer) as buyer,
        min(day) as day,
        count(revenue) as priced,
        min(revenue) as least,
        max(revenue) as most,
        sum(case when events = 1 then revenue end) as event_money,
        sum(case when claims = 1 then revenue end) as claim_money
    from both_sides
    group by id, event
)

select
    case
        when events > 1 or claims > 1 then 'several'
        when claims = 0 then 'only_event'
        when events = 0 then 'only_claim'
        when priced = 0 or (priced = 2 and least = most) then 'matched'
        else 'differs'
    end as class,
    buyer,
    day,
    count(*) as keys,
    sum(events)::bigint as events,
    sum(claims)::bigint as claims,
    sum(event_money) as event_money,
    sum(claim_money) as claim_money
from key_sum
group by class, buyer, day
