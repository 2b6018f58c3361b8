-- One row: how many clean pairs lie in the margin.
-- Left out: pairs of the period.
select cast(coalesce(sum(pairs), 0) as bigint) as pairs
from clean_group
where in_period = 0
