-- One row per class, reason, currency and side of a pack: its rows, what they add to the bridge, and of those
-- that the buyer is asked about, how many findings there are and what is at stake. Left out: nothing.
-- Of what is at stake a credit in its currency is taken off: the rest, if there is one, is asked.
-- A pair in two currencies is two rows, and one finding with something at stake in each.
select
    p.class, p.reason, p.currency, p.side,
    cast(count(*) as bigint) as lines,
    cast(sum(p.difference) as decimal(38, 4)) as difference,
    cast(count(case when a.ref = p.ref then 1 end) as bigint) as asked,
    cast(
        sum(
            case
                when a.ref is not null and coalesce(p.currency, p.credited_currency) = p.credited_currency
                    then greatest(abs(p.difference) - p.credited, 0)
                when a.ref is not null then abs(p.difference)
            end
        ) as decimal(38, 4)
    ) as at_stake,
    cast(
        count(
            case
                when p.state in ('rejected', 'ignored') and (p.side = 'claim' or p.rule is null) then q.class
            end
        ) as bigint
    ) as decided_against,
    cast(
        count(
            case
                when
                    p.settled is not null and p.state not in ('rejected', 'ignored')
                    and (p.side = 'claim' or p.rule is null)
                    then q.class
            end
        ) as bigint
    ) as settled
from pack_row as p
left join asked as a on p.finding = a.finding
left join question as q on p.class = q.class and p.side = q.side
group by p.class, p.reason, p.currency, p.side
order by p.class, p.reason nulls first, p.currency nulls first, p.side
