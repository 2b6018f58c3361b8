-- One row per chain, longer by the earliest row that a step can take; null where there is none.
-- A row is used once: $since is the step before of the same events, 0 if there is none. Nothing is left out.
with found as (
    select
        p.lead,
        p.entered,
        min(greatest(o.t, p.entered)) as t,
        min(o.n) as n,
        arg_min({'revenue': o.revenue, 'currency': o.currency}, o.n) as r
    from funnel_chain as p
    inner join open_row as o on p.lead = o.lead
    where
        o.class_no = $class
        and p.reached_at is not null
        and o.t >= p.entered - $skew
        and greatest(o.t, p.entered) >= case when $free then p.entered else p.reached_at end + $gap
        and greatest(o.t, p.entered) <= case when $free then p.entered else p.reached_at end + $within
        and greatest(o.t, p.entered) <= coalesce(p.stop_at, greatest(o.t, p.entered))
        and o.n > coalesce(p.ns[$since], 0)
    group by p.lead, p.entered
)

select
    p.lead,
    p.entered,
    case when not $needed then p.reached_at when f.t is not null then greatest(f.t, p.reached_at) end as reached_at,
    p.pos,
    p.stop_at,
    list_append(p.ts, case when f.t is not null then greatest(f.t, p.reached_at) end) as ts,
    list_append(p.ns, f.n) as ns,
    list_append(p.rs, f.r) as rs
from funnel_chain as p
left join found as f on p.lead = f.lead and p.entered = f.entered
