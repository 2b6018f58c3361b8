-- One row: how many identities have more than two rows in several overlapping batches.
select cast(count(*) as bigint) as n
from query_table($shared)
where n > 2
