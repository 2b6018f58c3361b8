-- One row per side: how many rows of the range lie in the window, how many of them have no time.
-- Left out: rows outside the window.
select 'event' as side, cast(count(*) as bigint) as rows, cast(count(*) - count(day) as bigint) as undated
from event_fact
union all
select 'claim' as side, cast(count(*) as bigint) as rows, cast(count(*) - count(day) as bigint) as undated
from claim_fact
