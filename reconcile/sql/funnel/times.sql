-- One row per slice with leads that reached the step: how long they took, in whole seconds. Left out: all other leads.
with taken as (
    select
        columns(lambda name: name = $by_first)::varchar as slice,
        columns(lambda name: name = $by_second)::varchar as slice_within,
        (epoch_us(t2) - epoch_us(entered)) // 1000000 as seconds -- last step
    from funnel_kept
    where t2 <= entered + $window -- last step
)

select
    slice,
    slice_within,
    count(*) as reached,
    quantile_disc(seconds, 0.5) as median_s,
    quantile_disc(seconds, 0.9) as p90_s,
    count(*) filter (where seconds <= 3600) as in_1h,
    count(*) filter (where seconds <= 86400) as in_1d,
    count(*) filter (where seconds <= 604800) as in_7d
from taken
group by slice, slice_within
