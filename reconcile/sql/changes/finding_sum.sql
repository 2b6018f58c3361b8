-- One row per kind of change and currency of the findings of two runs: how many, and what they add to and take
-- from what is at stake. A pair in two currencies is counted in that of its claim; in the other it is one of those
-- `elsewhere`, and its money is there. Left out: nothing.
with part as (
    select
        since, currency_before as currency, at_stake_e4_before as was_e4, 0 as is_e4,
        case when since = 'closed' then 1 else 0 end as own, 0 as other
    from finding_pair
    where since <> 'new'
    union all
    select since, currency_now, 0, at_stake_e4_now, 1, 0
    from finding_pair
    where since <> 'closed'
    union all
    select since, other_currency_before, other_at_stake_e4_before, 0, 0, case when since = 'closed' then 1 else 0 end
    from finding_pair
    where since <> 'new' and other_at_stake_e4_before is not null
    union all
    select since, other_currency_now, 0, other_at_stake_e4_now, 0, 1
    from finding_pair
    where since <> 'closed' and other_at_stake_e4_now is not null
)

select
    since,
    currency,
    cast(sum(own) as bigint) as findings,
    cast(sum(other) as bigint) as elsewhere,
    money_of(cast(sum(was_e4) as bigint)) as at_stake_before,
    money_of(cast(sum(is_e4) as bigint)) as at_stake
from part
group by since, currency
order by currency nulls first, case since when 'new' then 0 when 'still' then 1 when 'decided' then 2 else 3 end
