-- One row per lead with money and several rows of one step: of each step the largest amount of its first time.
-- Left out: leads with one row of each step (money), and those without money.
select
    r.lead,
    max({'revenue': r.revenue, 'currency': r.currency}) -- each step
        filter (where r.class_no = $class2 and r.t = f.m2) as r2, -- each step
    count(*) as amounts
from funnel_row as r
inner join funnel_first as f on r.lead = f.lead
where f.again and r.revenue is not null
group by r.lead
