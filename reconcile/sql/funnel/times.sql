-- One row per slice: how many of its leads reached each step, and how long these took, in whole seconds (half of them,
-- and nine of ten). Left out: nothing; a step that nobody reached has no lengths.
with taken as (
    select
        columns(lambda name: name = $by_first) as slice,
        columns(lambda name: name = $by_second) as slice_within,
        case when t2 <= entered + $window then (epoch_us(t2) - epoch_us(entered)) // 1000000 end as s2, -- each step
        null as nothing
    from funnel_kept
)

select
    slice,
    slice_within,
    count(s2) as reached2, -- each step
    quantile_disc(s2, [0.5, 0.9]) as lengths2, -- each step
    count(*) filter (where s2 <= 3600) as hour2, -- each step
    count(*) filter (where s2 <= 86400) as day2, -- each step
    count(*) filter (where s2 <= 604800) as week2, -- each step
    count(*) as leads
from taken
group by all
