-- One row per finding of a stored run that passes the filters, a pair being one, with what was decided on it.
-- Left out: what the filters do not let pass (null: all), and what finding_told leaves out.
-- A pair in two currencies is in both; the greater of its two amounts is filtered by. sorted_by is the amount by which
-- the largest is told: the one in the currency that is asked for, else the greater one.
select
    *,
    case
        when currency = $currency then at_stake
        when other_currency = $currency then other_at_stake
        else greatest(at_stake, other_at_stake)
    end as sorted_by
from finding_told
where
    ($class is null or class = $class)
    and ($reason is null or reason = $reason)
    and ($flag is null or list_contains(string_split(coalesce(flags, ''), ';'), $flag))
    and ($buyer is null or buyer = $buyer)
    and ($campaign is null or campaign_id = $campaign)
    and ($event is null or event_id = $event)
    and ($currency is null or currency = $currency or other_currency = $currency)
    and ($day is null or day = $day)
    and ($day_from is null or day >= $day_from)
    and ($day_to is null or day <= $day_to)
    and ($at_least is null or greatest(at_stake, other_at_stake) >= $at_least)
    and ($at_most is null or greatest(at_stake, other_at_stake) <= $at_most)
    and ($state is null or state = $state)
    and ($stale is null or $stale = (stale is not null))
    and ($assignee is null or coalesce(assignee, '') = $assignee)
    and ($search is null or contains(lower(coalesce(transaction_id, '')), lower($search)))
