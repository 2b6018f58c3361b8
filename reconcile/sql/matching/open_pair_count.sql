-- One row: how many candidates are still open.
-- Left out: nothing.
select cast(count(*) as bigint) as open_pairs
from open_pair
