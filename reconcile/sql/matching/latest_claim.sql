-- One row: the latest of the ranges' last claims.
-- Left out: nothing.
select max(occurred_at) as occurred_at
from last_claim
