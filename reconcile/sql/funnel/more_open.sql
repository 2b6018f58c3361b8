-- One row per further row with money of a step that brings money again, of chains that were looked for. It belongs to
-- the last step of its events that the chain reached, and counts from then on. Left out: rows that a step took, rows
-- after an exclusion, and rows of steps that were not reached.
with last_step as (
    select
        c.lead,
        c.entered,
        c.stop_at,
        k.class_no,
        max(k.step) as step,
        max(c.ns[k.step]) as n,
        max(c.ts[k.step]) as reached_at
    from funnel_chain as c
    inner join funnel_step as k on c.ts[k.step] is not null
    group by c.lead, c.entered, c.stop_at, k.class_no
)

select
    s.lead,
    s.entered,
    s.step,
    greatest(o.t, s.entered, s.reached_at) as t,
    o.revenue,
    o.currency
from last_step as s
inner join open_row as o on s.lead = o.lead and s.class_no = o.class_no and o.n > s.n
where
    o.repeats
    and o.revenue is not null
    and greatest(o.t, s.entered) <= coalesce(s.stop_at, greatest(o.t, s.entered))
