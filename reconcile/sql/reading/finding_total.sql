-- One row per class and currency of a stored run's findings: how many, and the money at stake. A pair in two
-- currencies is counted in that of its claim; in the other it is one of those `elsewhere`, and its money is there.
-- Left out: what finding_kept leaves out, and credits in currencies in which nothing is at stake.
select
    class,
    currency,
    cast(count(case when is_own then 1 end) as bigint) as findings,
    cast(count(case when not is_own then 1 end) as bigint) as elsewhere,
    cast(sum(at_stake) as decimal(38, 4)) as at_stake
from finding_money
where is_own or at_stake is not null
group by class, currency
order by at_stake desc nulls last, class nulls last, currency nulls first
