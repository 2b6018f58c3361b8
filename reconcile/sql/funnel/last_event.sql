-- One row per listed lead with events: its last one, whether the funnel has it or not. Left out: leads without events.
select
    u.lead,
    arg_max(e.event_id, (e.t, e.event_id)) as last_event,
    max(e.t) as last_event_at
from funnel_listed as p
inner join funnel_unit as u on p.lead = u.lead
inner join funnel_event_seen as e on u.unit_hi = e.unit_hi and u.unit_lo = e.unit_lo
where e.t is not null
group by u.lead
