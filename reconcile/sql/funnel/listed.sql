-- One row per listed lead, in the order of the list, with its last event. Nothing is left out.
select
    p.* exclude (lead),
    e.last_event,
    e.last_event_at
from funnel_listed as p
left join funnel_last_event as e on p.lead = e.lead
order by p.reached_at desc, p.transaction_id, p.lead
