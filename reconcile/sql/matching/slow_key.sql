-- One row per id and event that is not clean, with what its rows say together, before any filter.
-- Left out: clean keys, and rows without a usable id or an event.
with both_sides as (
    select key_hi, key_lo, event_no, 1 as events, 0 as claims, buyer_no
    from slow_event
    union all
    select key_hi, key_lo, event_no, 0 as events, 1 as claims, buyer_no
    from slow_claim
)

select
    key_hi,
    key_lo,
    event_no,
    cast(sum(events) as bigint) as events,
    cast(sum(claims) as bigint) as claims,
    min(buyer_no) as first_buyer_no,
    max(buyer_no) as last_buyer_no
from both_sides
where key_hi is not null and event_no is not null
group by key_hi, key_lo, event_no
