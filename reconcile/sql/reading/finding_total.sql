-- One row per class and currency of a stored run's findings: how many, and the money at stake.
-- Left out: classes that ask nothing of anybody, and what the filters do not let pass (null: all).
select
    class,
    currency,
    cast(count(*) as bigint) as findings,
    cast(sum(case when bridge < 0 then -bridge else bridge end) as decimal(38, 4)) as at_stake
from run_row
where
    (
        $all_classes
        or class not in (
            'matched', 'matched_within_tolerance', 'timing', 'not_due_yet', 'not_billable'
        )
    )
    and (side = 'claim' or rule is null or class = 'timing')
    and ($class is null or class = $class)
    and ($reason is null or reason = $reason)
    and ($flag is null or list_contains(string_split(coalesce(flags, ''), ';'), $flag))
    and ($buyer is null or buyer = $buyer)
    and ($campaign is null or campaign_id = $campaign)
    and ($currency is null or currency = $currency)
    and ($day is null or day = $day)
    and ($search is null or contains(lower(coalesce(transaction_id, '')), lower($search)))
group by class, currency
order by at_stake desc nulls last, class nulls last, currency nulls first
