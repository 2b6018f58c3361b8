-- One row per row of the events of one step, numbered within its lead as the chains count them: what it names.
-- Left out: rows that are of no lead.
with seen as (
    select
        u.lead,
        e.event_id,
        e.campaign as campaign_id,
        e.pid,
        e.buyer,
        e.t,
        e.revenue,
        e.currency
    from funnel_event_seen as e
    inner join funnel_unit as u on e.unit_hi = u.unit_hi and e.unit_lo = u.unit_lo
    where e.class_no = $class and e.t is not null and u.entries > 0
)

select
    lead,
    event_id,
    campaign_id,
    pid,
    buyer,
    row_number() over (
        partition by lead order by t, revenue desc nulls last, currency desc, event_id, pid, buyer, campaign_id
    )::integer as n
from seen
