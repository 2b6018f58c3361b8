-- One row: the first and the last time of any lead.
-- Left out: leads without a time.
select min(occurred_at) as first_at, max(occurred_at) as last_at
from lead
