-- One row per slice and currency: how many of its leads the step brought money, its sum, and the sum of its squares
-- per lead. Left out: leads without an amount at the step within the window.
with sliced as (
    select
        *,
        columns(lambda name: name = $by_first)::varchar as slice,
        columns(lambda name: name = $by_second)::varchar as slice_within
    from funnel_kept
),

further as (
    select
        lead,
        slice,
        slice_within,
        entered,
        unnest(more) as m
    from sliced
    where more is not null
),

line as (
    select lead, slice, slice_within, m.currency, m.revenue
    from further
    where m.step = $step and m.t <= entered + $window
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
