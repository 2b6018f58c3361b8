-- One row per buyer report: the name of its file, in order. Left out: buyers without a claim.
select distinct file
from sample_line
where side = 'claim'
order by file
