-- One row per cohort and age asked for: its leads, and how many had converted by that age.
-- Left out: nothing; converted is null where not all leads of the cohort are as old.
-- $grain divides each of $ages, so that leads are counted by whole grains first, and only these held against ages.
with counted as (
    select
        slice,
        case when lag_s <= list_max($ages) then (lag_s + $grain - 1) // $grain end as grains,
        count(*) as leads,
        min(age_s) as youngest_s
    from funnel_lag
    group by all
),

cohort as (
    select slice, sum(leads)::bigint as leads, min(youngest_s) as youngest_s
    from counted
    group by slice
),

asked as (
    select cohort.*, unnest($ages) as at_s from cohort
)

select
    asked.slice,
    asked.at_s as age_s,
    asked.leads,
    case when asked.youngest_s >= asked.at_s then coalesce(sum(counted.leads), 0)::bigint end as converted
from asked
left join counted on asked.slice is not distinct from counted.slice and counted.grains * $grain <= asked.at_s
group by asked.slice, asked.at_s, asked.leads, asked.youngest_s
order by asked.slice, asked.at_s
