-- One row per currency, class and state of a run's findings: how many, the money at stake, and what
-- of it the counterpart credits.
-- Left out: what finding_kept leaves out, and findings that still stand where those gone since are asked for.
select
    currency,
    class,
    state,
    cast(count(*) as bigint) as findings,
    cast(count(stale) as bigint) as stale,
    cast(sum(at_stake) as decimal(38, 4)) as at_stake,
    cast(sum(credited) as decimal(38, 4)) as credited
from finding_kept
where state is not null and (not $gone or ref is null)
group by currency, class, state
order by currency nulls first, at_stake desc nulls last, class, state
