-- One row per side and reason why rows of the window are not reconciled, with their number.
-- Left out: rows that ended in a class, and clean pairs of the margin.
with event_fate as (
    select
        case
            when p.event_order is null and $by_buyer and e.buyer_no is null then 'buyer_unknown' -- rule: left_out_buyer_unknown
            when p.event_order is null and e.is_conversion = 0 then 'not_conversion' -- rule: left_out_no_conversion
            when e.in_period = 0 then 'context' -- rule: left_out_context
        end as reason
    from event_run as e
    left join pair as p on e.event_order = p.event_order
),

fate as (
    select 'event' as side, reason from event_fate
    union all
    select 'event' as side, left_out as reason from slow_event
    union all
    select 'claim' as side, not_in_run as reason from claim_filtered
    union all
    select 'claim' as side, 'context' as reason from claim_run where in_period = 0
)

select side, reason, cast(count(*) as bigint) as rows
from fate
where reason is not null
group by side, reason
