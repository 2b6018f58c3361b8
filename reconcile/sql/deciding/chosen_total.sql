-- One row per class, currency and present state of the findings that pass the filters: how many, and the money
-- at stake. Left out: rows that are no finding, and findings that no longer stand.
select
    class,
    currency,
    state,
    cast(count(*) as bigint) as findings,
    cast(count(stale) as bigint) as stale,
    cast(sum(at_stake) as decimal(38, 4)) as at_stake
from finding_kept
where ref is not null and state is not null
group by class, currency, state
order by at_stake desc nulls last, class, currency nulls first, state
