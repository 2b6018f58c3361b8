-- One row per lead: its entry that comes farthest within the window, of those the earliest, with its level, which
-- counts the needed steps it reached. Left out: leads that an exclusion removed, and what the period leaves out.
with every as (
    select
        * exclude (is_open),
        1
        + case when $needed2 and t2 <= entered + $window then 1 else 0 end -- each step
        as level
    from funnel_fact
    where
        not is_open
        and (not $removes or level = $levels or coalesce(stop_at > entered + $window, true))
    union all by name
    select
        *,
        1
        + case when $needed2 and t2 <= entered + $window then 1 else 0 end -- each step
        as level
    from funnel_several
    where not $removes or level = $levels or coalesce(stop_at > entered + $window, true)
    qualify row_number() over (partition by lead order by level desc, entered) = 1
)

select
    *,
    entered as t1,
    null::varchar as nothing,
    date_trunc('week', day)::date as week,
    date_trunc('month', day)::date as month
from every
where
    ($date_from is null or day >= $date_from)
    and ($date_to is null or day < $date_to)
    and (not ($only_mature and $bounded) or entered + $window <= $as_of)
