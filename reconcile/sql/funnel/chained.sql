-- One row per chain that was looked for: the times of its steps and their money.
-- multi: its lead has several entries, of which one counts at a time. Nothing is left out.
select
    c.lead,
    c.entered,
    count(*) over (partition by c.lead) > 1 as multi,
    c.stop_at,
    c.ts[2] as t2, -- each step
    c.rs[2].revenue as r2, -- each step
    c.rs[2].currency as c2, -- each step
    null as more
from funnel_chain as c
