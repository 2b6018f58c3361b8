-- One row per cohort and age asked for: its leads, and how many had converted by that age.
-- Left out: nothing; converted is null where not all leads of the cohort are as old.
with cohort as (
    select slice, count(*) as leads, min(age_s) as youngest_s
    from funnel_lag
    group by slice
),

asked as (
    select cohort.*, unnest($ages) as at_s from cohort
)

select
    asked.slice,
    asked.at_s as age_s,
    asked.leads,
    case when asked.youngest_s >= asked.at_s then count(lag.lag_s) end as converted
from asked
left join funnel_lag as lag on asked.slice is not distinct from lag.slice and lag.lag_s <= asked.at_s
group by asked.slice, asked.at_s, asked.leads, asked.youngest_s
order by asked.slice, asked.at_s
