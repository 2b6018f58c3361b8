-- One row per entry of the leads whose chains were looked for: the times of its steps, their money, and the attributes
-- of the lead. day is the local day of the entry. Nothing is left out.
select
    c.lead,
    c.entered,
    c.stop_at,
    c.ts[2] as t2, -- each step
    c.ns[2] as n2, -- each step
    c.rs[2].revenue as r2, -- each step
    c.rs[2].currency as c2, -- each step
    local_day(c.entered, case when c.entered < d.change_at then d.ahead_before else d.ahead_after end) as day,
    l.* exclude (lead, entries, first_at)
from funnel_lead as l -- the small table comes second: it is the one that is held
inner join funnel_chain as c on l.lead = c.lead
left join funnel_day as d on utc_day(c.entered) = d.utc_day
