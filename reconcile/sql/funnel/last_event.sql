-- One row per listed lead with events: its last one, whether the funnel has it or not. Left out: leads without events.
with listed_unit as (
    select
        u.lead,
        u.unit_hi,
        u.unit_lo
    from funnel_unit as u
    inner join funnel_listed as p on u.lead = p.lead
)

select
    u.lead,
    arg_max(e.event_id, (e.t, e.event_id)) as last_event,
    max(e.t) as last_event_at
from funnel_event_seen as e -- the small table comes second: it is the one that is held
inner join listed_unit as u on e.unit_hi = u.unit_hi and e.unit_lo = u.unit_lo
where e.t is not null
group by u.lead
