-- One row per source (pid) that a row of a run names. Left out: nothing.
select distinct pid
from (
    select pid from event
    union all
    select pid from lead
    union all
    select pid from claim
)
where pid is not null
