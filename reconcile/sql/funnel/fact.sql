-- One row per lead, of leads with several entries per entry: the times of its steps without any window, their money,
-- and the attributes of the lead. day, week and month are local days of the entry. Nothing is left out.
with chain as (
    select * from funnel_clean
    union all by name
    select * from funnel_chained
)

select
    c.* exclude (more),
    m.more,
    local_day(c.entered, case when c.entered < d.change_at then d.ahead_before else d.ahead_after end) as day,
    date_trunc('week', day)::date as week,
    date_trunc('month', day)::date as month,
    l.* exclude (lead)
from chain as c
inner join funnel_lead as l on c.lead = l.lead
left join funnel_more as m on c.lead = m.lead and c.entered = m.entered
left join funnel_day as d on utc_day(c.entered) = d.utc_day
