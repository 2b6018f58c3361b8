-- One row per local day, step and currency, by the day of the event itself: how many leads reached the step on it, and
-- what its rows brought. Left out: rows beyond the window.
with line as (
    select $number1 as step, entered as t, 1 as reached, currency, revenue
    from funnel_kept
    union all -- each step
    select $number2, t2, 1, c2, r2 -- each step
    from funnel_kept -- each step
    where t2 <= entered + $window -- each step
),

further as (
    select
        k.entered,
        m.step,
        m.t,
        m.currency,
        m.revenue
    from funnel_kept as k
    inner join funnel_more as m on k.lead = m.lead and k.entered = m.entered
),

every_line as (
    select * from line
    union all
    select step, t, 0, currency, revenue
    from further
    where t <= entered + $window
)

select
    local_day(l.t, case when l.t < d.change_at then d.ahead_before else d.ahead_after end) as day,
    l.step,
    nullif(l.currency, '') as currency,
    sum(l.reached)::bigint as reached,
    sum(l.revenue) as revenue
from every_line as l
left join funnel_day as d on utc_day(l.t) = d.utc_day
group by day, l.step, nullif(l.currency, '')
order by day, l.step, currency
