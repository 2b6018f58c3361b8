-- One row per slice, step and currency: what the rows of the step brought within the window.
-- Left out: rows without an amount, and step 1, whose money is that of the lead (lead_money).
with sliced as not materialized (
    select
        *,
        columns(lambda name: name = $by_first) as slice,
        columns(lambda name: name = $by_second) as slice_within
    from funnel_kept
),

further as (
    select
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
    select slice, slice_within, step, currency, revenue
    from further
    where t <= entered + $window
    union all -- each step
    select slice, slice_within, $number2, c2, r2 -- each step
    from sliced -- each step
    where t2 <= entered + $window and r2 is not null -- each step
)

select
    slice,
    slice_within,
    step,
    nullif(currency, '') as currency,
    sum(revenue) as revenue
from line
group by all
