-- One row per chain, longer by the very next row of its lead, if that is one of the step; null where it is not.
-- Rows of optional steps lie in no one's way, nor do repetitions of the step before, nor the lead sent again.
-- Nothing is left out.
with following as (
    select
        p.lead,
        p.entered,
        p.reached_at,
        p.stop_at,
        arg_min(
            {'class_no': o.class_no, 't': o.t, 'n': o.n, 'pos': o.pos, 'revenue': o.revenue, 'currency': o.currency},
            o.pos
        ) as o
    from funnel_chain as p
    inner join strict_row as o on p.lead = o.lead and o.pos > p.pos
    where
        o.class_no <> 1
        and not list_contains($optional, o.class_no)
        and (o.class_no <> $before or $class = $before)
    group by p.lead, p.entered, p.reached_at, p.stop_at
),

found as (
    select
        lead,
        entered,
        o.t,
        o.n,
        o.pos,
        {'revenue': o.revenue, 'currency': o.currency} as r
    from following
    where
        o.class_no = $class
        and o.t >= reached_at + $gap
        and o.t <= reached_at + $within
        and o.t <= coalesce(stop_at, o.t)
)

select
    p.lead,
    p.entered,
    f.t as reached_at,
    coalesce(f.pos, p.pos) as pos,
    p.stop_at,
    list_append(p.ts, f.t) as ts,
    list_append(p.ns, f.n) as ns,
    list_append(p.rs, f.r) as rs
from funnel_chain as p
left join found as f on p.lead = f.lead and p.entered = f.entered
