-- One row per lead with money whose first rows make its chain: of each step the largest amount of that time.
-- Left out: leads whose chains were looked for, and those without money.
select
    r.lead,
    max({'revenue': r.revenue, 'currency': r.currency}) -- each step
        filter (where r.class_no = $class2 and r.t = f.m2) as r2, -- each step
    count(*) as amounts
from funnel_row as r
inner join funnel_first as f on r.lead = f.lead
where r.revenue is not null and r.lead is not null
group by r.lead
