-- One row per finding of the run on whose row something was decided, in this class or another.
-- Left out: all other findings.
select *
from finding_fact
where base in (select base from thread)
