-- One row per finding that came or went between two runs, the largest amount at stake first.
-- Left out: findings that both runs have, unless asked for.
select
    since, state, class, reason, buyer, campaign_id, transaction_id, event_id, day,
    coalesce(currency_now, currency_before) as currency,
    money_of(at_stake_e4_before) as at_stake_before,
    money_of(at_stake_e4_now) as at_stake,
    coalesce(other_currency_now, other_currency_before) as other_currency,
    money_of(other_at_stake_e4_before) as other_at_stake_before,
    money_of(other_at_stake_e4_now) as other_at_stake,
    file, line, ref
from finding_pair
where $with_still or since in ('new', 'closed')
order by
    greatest(
        coalesce(at_stake_e4_now, at_stake_e4_before), coalesce(other_at_stake_e4_now, other_at_stake_e4_before)
    ) desc,
    since, class, transaction_id nulls first,
    file, line, ref nulls first
limit $limit
