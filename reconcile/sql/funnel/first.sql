-- One row per lead with events of the funnel: the first time of each step's events, and of an exclusion's.
-- again: it has several rows of one step. Where nothing is asked of the earliest of all or an exclusion, it is none.
-- Left out: leads without such events.
select
    lead,
    min(t) filter (where $skewed) as earliest,
    min(t) filter (where $excluding and class_no = 0) as stop_at,
    min(t) filter (where class_no = $class2) as m2, -- each step
    count(*) > (
        case when stop_at is not null then 1 else 0 end
        + case when $nth2 = 1 and m2 is not null then 1 else 0 end -- each step
    ) as again
from funnel_row
where lead is not null and class_no < 99
group by lead
