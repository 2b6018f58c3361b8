-- One row per lead with money: the largest amount and currency of each step, which are those of its one row.
-- Left out: leads without money. Of leads with several rows of one step money_again knows more.
select
    lead,
    max(revenue) filter (where class_no = $class2) as v2, -- each step
    max(currency) filter (where class_no = $class2) as k2, -- each step
    count(*) as amounts
from funnel_row
where revenue is not null and lead is not null
group by lead
