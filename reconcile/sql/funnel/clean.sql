-- One row per lead whose first rows make its chain: the times of its steps and their money.
-- Left out: leads whose chains were looked for (chained).
select
    w.lead,
    w.entered,
    false as multi,
    w.stop_at,
    w.t2, -- each step
    case when w.t2 is not null then m.r2.revenue end as r2, -- each step
    case when w.t2 is not null then m.r2.currency end as c2, -- each step
    null as more
from funnel_wide as w
left join funnel_money as m on w.lead = m.lead
where not w.is_open
