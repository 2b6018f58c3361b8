-- One row per side: how many rows were read, how many of them have no time.
-- Left out: nothing.
select 'event' as side, cast(count(*) as bigint) as rows, cast(count(*) - count(occurred_at) as bigint) as undated
from event
union all
select 'claim' as side, cast(count(*) as bigint) as rows, cast(count(*) - count(occurred_at) as bigint) as undated
from claim
