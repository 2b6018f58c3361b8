-- One row per kind of change and currency of the findings of two runs: how many, and what they add to and take
-- from what is at stake. Left out: nothing.
with part as (
    select since, currency_before as currency, at_stake_e4_before as was_e4, 0 as is_e4, 0 as n
    from finding_pair
    where since <> 'new'
    union all
    select since, currency_now, 0, at_stake_e4_now, 1
    from finding_pair
    where since <> 'closed'
)

select
    since,
    currency,
    cast(sum(case when since = 'closed' then 1 else n end) as bigint) as findings,
    money_of(cast(sum(was_e4) as bigint)) as at_stake_before,
    money_of(cast(sum(is_e4) as bigint)) as at_stake
from part
group by since, currency
order by currency nulls first, case since when 'new' then 0 when 'still' then 1 when 'decided' then 2 else 3 end
