-- One row per lead: its entry that comes farthest within the window, of those the earliest, with its level, which
-- counts the needed steps it reached. Left out: leads that an exclusion removed, and what the period leaves out.
with levelled as (
    select
        *,
        entered as t1,
        null::varchar as nothing,
        1
        + case when $needed2 and t2 <= entered + $window then 1 else 0 end -- each step
        as level
    from funnel_fact
),

kept as (
    select *
    from levelled
    where not $removes or level = $levels or coalesce(stop_at > entered + $window, true)
),

placed as (
    select
        *,
        1 as place
    from kept
    where not multi
    union all
    select
        *,
        row_number() over (partition by lead order by level desc, entered) as place
    from kept
    where multi
)

select * exclude (place)
from placed
where
    place = 1
    and ($date_from is null or day >= $date_from)
    and ($date_to is null or day < $date_to)
    and (not ($only_mature and $bounded) or entered + $window <= $as_of)
