-- One row per slice, step and currency: what the rows of the step brought within the window.
-- Left out: rows without an amount, and step 1, whose money is that of the lead (lead_money).
with sliced as (
    select
        *,
        columns(lambda name: name = $by_first)::varchar as slice,
        columns(lambda name: name = $by_second)::varchar as slice_within
    from funnel_kept
),

further as (
    select
        slice,
        slice_within,
        entered,
        unnest(more) as m
    from sliced
    where more is not null
),

line as (
    select slice, slice_within, m.step, m.currency, m.revenue
    from further
    where m.t <= entered + $window
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
