-- One row per row of the events of one step: its lead, what it names, its time and its money.
-- Left out: rows that are of no lead.
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
