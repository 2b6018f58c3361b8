-- One row per finding of a decision: its name, as lists of findings have it.
-- Left out: nothing.
select subject || case when place > 1 then '.' || place else '' end as finding
from decided_finding
where decision = $decision
order by number
