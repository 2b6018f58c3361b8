-- One row per side, class, reason and currency: rows and their part of the bridge.
-- Left out: rows that are not reconciled. A pair's amount stands on both its rows.
select
    'event' as side, 'matched' as class, cast(null as varchar) as reason, currency.word as currency,
    cast(sum(s.pairs) as bigint) as rows, money_of(cast(0 as bigint)) as bridge
from clean_sum as s
left join word as currency on s.currency_no = currency.word_no
group by currency.word
union all
select
    'claim' as side, 'matched' as class, cast(null as varchar) as reason, currency.word as currency,
    cast(sum(s.pairs) as bigint) as rows, money_of(cast(0 as bigint)) as bridge
from clean_sum as s
left join word as currency on s.currency_no = currency.word_no
group by currency.word
union all
select
    v.side, v.class, v.reason, currency.word as currency,
    cast(count(*) as bigint) as rows, money_of(exact_sum(v.bridge_e4)) as bridge
from verdict as v
left join word as currency on v.currency_no = currency.word_no
group by v.side, v.class, v.reason, currency.word
