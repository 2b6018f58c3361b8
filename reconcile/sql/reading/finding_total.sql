-- One row per class and currency of a stored run's findings: how many, and the money at stake.
-- Left out: what finding_kept leaves out.
select
    class,
    currency,
    cast(count(*) as bigint) as findings,
    cast(sum(at_stake) as decimal(38, 4)) as at_stake
from finding_kept
group by class, currency
order by at_stake desc nulls last, class nulls last, currency nulls first
