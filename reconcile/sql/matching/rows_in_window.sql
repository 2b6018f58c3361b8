-- One row per side: how many rows lie in the window, how many of them have no time.
-- Left out: rows outside the window.
select 'event' as side, cast(count(*) as bigint) as rows, cast(count(*) - count(occurred_at) as bigint) as undated
from event_fact
union all
select 'claim' as side, cast(count(*) as bigint) as rows, cast(count(*) - count(occurred_at) as bigint) as undated
from claim_fact
