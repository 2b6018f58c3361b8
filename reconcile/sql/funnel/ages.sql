-- One row per slice, age in whole hours and outcome: how many leads reached the step at that age, or were last seen
-- without it. Both are cut at the horizon and at the data's end. Left out: leads after the data's end.
with seen as (
    select
        columns(lambda name: name = $by_first) as slice,
        columns(lambda name: name = $by_second) as slice_within,
        entered,
        t2 as reached_at, -- last step
        least(entered + $horizon, $as_of) as seen_to
    from funnel_kept
    where entered <= $as_of
)

select
    slice,
    slice_within,
    (epoch_us(case when reached_at <= seen_to then reached_at else seen_to end) - epoch_us(entered)) // 3600000000
    as hours,
    coalesce(reached_at <= seen_to, false) as converted,
    count(*) as leads
from seen
group by all
order by all
