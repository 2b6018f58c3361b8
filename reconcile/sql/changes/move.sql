-- One row per change, cause and currency: by how much what counts of the buyer's claims moved, in ten-thousandths.
-- Left out: nothing; a change that moves nothing is there once, with 0. A row whose amount and status both changed
-- has two causes: the difference of the amounts as far as the old one counted, then what the new status makes of
-- the new amount. One that came in another currency leaves the old one and enters the new one, both as a matter of
-- its price, and is there once for each.
with amount as (
    select
        *,
        change not in ('added', 'removed') as is_both,
        currency_before is distinct from currency_now as is_moved,
        coalesce(revenue_e4_before, 0) as before_e4,
        coalesce(revenue_e4_now, 0) as now_e4
    from change
),

weighed as (
    select
        *,
        (now_e4 - before_e4) * counts_before as priced_e4,
        now_e4 * (counts_now - counts_before) as stated_e4
    from amount
),

move as (
    select 'added' as cause, currency_now as currency, now_e4 * counts_now as effect_e4, *
    from weighed
    where change = 'added'
    union all
    select 'removed' as cause, currency_before as currency, -before_e4 * counts_before as effect_e4, *
    from weighed
    where change = 'removed'
    union all
    select 'repriced' as cause, currency_before as currency, -before_e4 * counts_before as effect_e4, *
    from weighed
    where is_both and is_moved
    union all
    select 'repriced' as cause, currency_now as currency, now_e4 * counts_now as effect_e4, *
    from weighed
    where is_both and is_moved
    union all
    select 'repriced' as cause, currency_now as currency, priced_e4 as effect_e4, *
    from weighed
    where is_both and not is_moved and (priced_e4 <> 0 or (change = 'repriced' and stated_e4 = 0))
    union all
    select 'status' as cause, currency_now as currency, stated_e4 as effect_e4, *
    from weighed
    where is_both and not is_moved and (stated_e4 <> 0 or change = 'status')
    union all
    select 'other' as cause, currency_now as currency, 0 as effect_e4, *
    from weighed
    where change = 'other'
)

select * exclude (change, is_both, is_moved, before_e4, now_e4, priced_e4, stated_e4, counts_before, counts_now)
from move
