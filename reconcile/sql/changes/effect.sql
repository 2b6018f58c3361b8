-- One row per change, currency and cause: by how much what counts of the buyer's claims moved, in ten-thousandths.
-- Left out: what moves nothing. A row whose amount and status both changed has two causes: the difference of the
-- amounts as far as the old one counted, then what the new status makes of the new amount.
-- One that came in another currency leaves the old one and enters the new one, both as a matter of its price.
with amount as (
    select
        change,
        currency_before,
        currency_now,
        not (currency_before is distinct from currency_now) as one_currency,
        coalesce(revenue_e4_before, 0) as before_e4,
        coalesce(revenue_e4_now, 0) as now_e4,
        counts_before,
        counts_now
    from change
),

effect as (
    select change as cause, currency_now as currency, now_e4 * counts_now as effect_e4
    from amount
    where change = 'added'
    union all
    select change, currency_before, before_e4 * counts_before
    from amount
    where change = 'removed'
    union all
    select 'repriced', currency_now, (now_e4 - before_e4) * counts_before
    from amount
    where change not in ('added', 'removed') and one_currency
    union all
    select 'status', currency_now, now_e4 * (counts_now - counts_before)
    from amount
    where change not in ('added', 'removed') and one_currency
    union all
    select 'repriced', currency_before, -before_e4 * counts_before
    from amount
    where change not in ('added', 'removed') and not one_currency
    union all
    select 'repriced', currency_now, now_e4 * counts_now
    from amount
    where change not in ('added', 'removed') and not one_currency
)

select cause, currency, cast(count(*) as bigint) as rows, cast(sum(effect_e4) as hugeint) as effect_e4
from effect
where effect_e4 <> 0
group by cause, currency
