-- One row: how many findings of the run were decided on before, how many of these are stale, and how many that were
-- decided on no longer stand. Left out: findings that are open without having been decided on.
select
    cast(count(case when state not in ('open', 'fired', 'closed') then 1 end) as bigint) as decided,
    cast(count(stale) as bigint) as stale,
    (select cast(count(*) as bigint) from finding_closed) as closed
from finding_state
