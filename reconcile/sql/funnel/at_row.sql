-- One row per row of the events of one step, numbered within its lead as the chains count them: what it names.
-- Nothing is left out.
select
    lead,
    event_id,
    campaign_id,
    pid,
    buyer,
    row_number() over (
        partition by lead order by t, revenue desc nulls last, currency desc, event_id, pid, buyer, campaign_id
    )::integer as n
from funnel_at_event
