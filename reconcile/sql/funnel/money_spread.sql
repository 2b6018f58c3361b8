-- One row per slice and currency: how many of its leads the step brought money, its sum, and the sum of its squares
-- per lead. Left out: leads without an amount at the step within the window.
with sliced as not materialized (
    select
        *,
        columns(lambda name: name = $by_first) as slice,
        columns(lambda name: name = $by_second) as slice_within
    from funnel_kept
),

further as (
    select
        s.lead,
        s.slice,
        s.slice_within,
        s.entered,
        m.step,
        m.t,
        m.currency,
        m.revenue
    from sliced as s
    inner join funnel_more as m on s.lead = m.lead and s.entered = m.entered
),

line as (
    select lead, slice, slice_within, currency, revenue
    from further
    where step = $step and t <= entered + $window
    union all
    select lead, slice, slice_within, c2, r2 -- last step
    from sliced
    where t2 <= entered + $window and r2 is not null -- last step
),

of_lead as (
    select slice, slice_within, currency, cast(sum(revenue) as decimal(18, 4)) as revenue
    from line
    group by lead, slice, slice_within, currency
)

select
    slice,
    slice_within,
    nullif(currency, '') as currency,
    count(*) filter (where revenue <> 0) as paying,
    cast(sum(revenue) as decimal(38, 4)) as total,
    cast(sum(revenue * revenue) as decimal(38, 8)) as squares
from of_lead
group by all
