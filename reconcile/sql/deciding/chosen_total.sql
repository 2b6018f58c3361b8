-- One row per class, currency and present state of the findings that pass the filters: how many, and the money
-- at stake. A pair in two currencies is counted in that of its claim; in the other it is one of those `elsewhere`,
-- and its money is there. Left out: rows that are no finding, and findings that no longer stand.
select
    class,
    currency,
    state,
    cast(count(case when is_own then 1 end) as bigint) as findings,
    cast(count(case when not is_own then 1 end) as bigint) as elsewhere,
    cast(count(case when is_own then stale end) as bigint) as stale,
    cast(sum(at_stake) as decimal(38, 4)) as at_stake
from finding_money
where ref is not null and state is not null and (is_own or at_stake is not null)
group by class, currency, state
order by at_stake desc nulls last, class, currency nulls first, state
