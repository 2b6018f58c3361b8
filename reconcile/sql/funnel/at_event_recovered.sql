-- One row per missing event of one step that the findings recover, as at_event has those that there are; it names no
-- source. Left out: missing events of other steps.
select
    lead,
    event_id,
    campaign_id,
    null::varchar as pid,
    buyer,
    t,
    revenue,
    currency
from funnel_recovered
where class_no = $class
