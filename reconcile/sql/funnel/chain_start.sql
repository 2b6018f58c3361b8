-- One row per entry of the leads whose chains are looked for: a chain that has only begun, with its first exclusion.
-- ts and ns hold time and number of the row of each step so far, rs its money. Left out: all other leads.
with entry as (
    select
        f.lead,
        coalesce(e.entered, f.entered) as entered
    from funnel_fact as f
    left join funnel_entry as e on f.lead = e.lead
    where f.is_open
)

select
    e.lead,
    e.entered,
    e.entered as reached_at,
    0 as pos,
    min(greatest(o.t, e.entered)) filter (where o.t is not null) as stop_at,
    [e.entered] as ts,
    [0] as ns,
    [{'revenue': null::decimal(18, 4), 'currency': null::varchar}] as rs
from entry as e
left join open_row as o on e.lead = o.lead and o.class_no = 0 and o.t >= e.entered - $skew
group by e.lead, e.entered
