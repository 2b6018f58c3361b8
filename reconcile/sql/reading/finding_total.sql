-- One row per class and currency of a stored run's findings: how many, and the money at stake.
-- Left out: classes that ask nothing of anybody.
select
    class,
    currency,
    cast(count(*) as bigint) as findings,
    cast(sum(case when bridge < 0 then -bridge else bridge end) as decimal(38, 4)) as at_stake
from run_row
where
    class not in ('matched', 'matched_within_tolerance', 'timing', 'not_due_yet', 'not_billable')
    and (side = 'claim' or rule is null)
group by class, currency
order by at_stake desc, class, currency nulls first
