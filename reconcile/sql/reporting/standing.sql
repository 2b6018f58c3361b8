-- One row per currency, class and state of a run's findings: how many have money there, how many of these are pairs
-- whose claim is in another currency (elsewhere), the money at stake, and what the counterpart credits.
-- Left out: what finding_kept leaves out, and findings that still stand where those gone since are asked for.
select
    currency,
    class,
    state,
    cast(count(case when is_own or at_stake is not null then 1 end) as bigint) as findings,
    cast(count(case when not is_own then at_stake end) as bigint) as elsewhere,
    cast(count(case when is_own or at_stake is not null then stale end) as bigint) as stale,
    cast(sum(at_stake) as decimal(38, 4)) as at_stake,
    cast(sum(credited) as decimal(38, 4)) as credited
from finding_money
where state is not null and (not $gone or ref is null)
group by currency, class, state
order by currency nulls first, at_stake desc nulls last, class, state
