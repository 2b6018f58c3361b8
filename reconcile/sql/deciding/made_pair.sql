-- One row per acceptance of a pair that the run carried out: its decision. Left out: those whose pair does not stand.
select distinct evidence as decision
from run_row
where rule = 'proposal' and evidence is not null
