-- One row per side and reason why rows that were read are not reconciled, with their number.
-- Left out: rows that ended in a class.
with event_fate as (
    select
        case
            when e.is_conversion = 0 then 'not_conversion'
            else 'buyer_unknown'
        end as reason
    from event_run as e
    left join pair as p on e.event_order = p.event_order
    where
        e.in_period = 1
        and p.event_order is null
        and (e.is_conversion = 0 or ($by_buyer and e.buyer_no is null))
),

fate as (
    select 'event' as side, reason from event_fate
    union all
    select 'event' as side, left_out as reason from slow_event where left_out is not null
    union all
    select 'event' as side, 'context' as reason from event_run where in_period = 0
    union all
    select 'event' as side, 'context' as reason from clean_pair where in_period = 0
    union all
    select 'claim' as side, not_in_run as reason from claim_placed where not_in_run is not null
    union all
    select 'claim' as side, 'context' as reason from claim_run where in_period = 0
    union all
    select 'claim' as side, 'context' as reason from clean_pair where in_period = 0
)

select side, reason, cast(count(*) as bigint) as rows
from fate
group by side, reason
