-- One row per slice: how many of its leads reached each step, and how long these took, in whole seconds (half of them,
-- and nine of ten). Left out: nothing; a step that nobody reached has no lengths.
-- Lengths are microseconds until the last; count_if is twice as fast as count(*) filter.
with taken as (
    select
        columns(lambda name: name = $by_first) as slice,
        columns(lambda name: name = $by_second) as slice_within,
        case when t2 <= entered + $window then epoch_us(t2) - epoch_us(entered) end as us2, -- each step
        null as nothing
    from funnel_kept
)

select
    slice,
    slice_within,
    count(us2) as reached2, -- each step
    list_transform(quantile_disc(us2, [0.5, 0.9]), lambda us: us // 1000000) as lengths2, -- each step
    count_if(us2 < 3601000000) as hour2, -- each step
    count_if(us2 < 86401000000) as day2, -- each step
    count_if(us2 < 604801000000) as week2, -- each step
    count(*) as leads
from taken
group by all
