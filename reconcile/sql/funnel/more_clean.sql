-- One row per further row with money of a step that brings money again, of leads whose first rows make their chain;
-- it counts from when the step is reached. Left out: the row that counted first, rows after an exclusion, rows of
-- steps that were not reached, and leads whose chains were looked for.
with numbered as (
    select
        r.lead,
        r.class_no,
        r.t,
        r.revenue,
        r.currency,
        r.repeats,
        row_number() over (
            partition by r.lead, r.class_no order by r.t, r.revenue desc nulls last, r.currency desc
        ) as n
    from funnel_row as r
    inner join funnel_first as f on r.lead = f.lead
    where f.again
),

reached as (
    select
        r.*,
        f.entered,
        case r.class_no
            when $class2 then f.t2 -- each step
        end as reached_at
    from funnel_fact as f -- the small table comes second: it is the one that is held
    inner join numbered as r on f.lead = r.lead
    where
        not f.is_open
        and r.t <= coalesce(f.stop_at, r.t)
)

select
    lead,
    entered,
    class_no::integer as step,
    greatest(t, reached_at) as t,
    revenue,
    currency
from reached
where
    n > 1
    and repeats
    and revenue is not null
    and reached_at is not null
