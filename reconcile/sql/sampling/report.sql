-- One row per buyer report: the buyer, in order. Left out: buyers without a claim.
select distinct sender
from sample_line
where side = 'claim'
order by sender
