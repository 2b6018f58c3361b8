-- One row per change of the buyer's claims, the largest effect on the sum first. Left out: nothing.
-- effect is that on the currency it has now; what a change of the currency takes from the old one is beside it.
with effect as (
    select
        *,
        coalesce(revenue_e4_before * counts_before, 0) as was_e4,
        coalesce(revenue_e4_now * counts_now, 0) as is_e4,
        currency_before is distinct from currency_now and change not in ('added', 'removed') as moved
    from change
)

select
    change,
    coalesce(currency_now, case when change = 'removed' then currency_before end) as currency,
    money_of(is_e4 - case when moved then 0 else was_e4 end) as effect,
    transaction_id,
    event_id,
    campaign_id,
    occurred_at,
    money_of(revenue_e4_before) as revenue_before,
    money_of(revenue_e4_now) as revenue_now,
    currency_before,
    currency_now,
    status_before,
    status_now,
    reason,
    file_before,
    line_before,
    file_now,
    line_now
from effect
order by
    abs(is_e4 - was_e4) desc, change, transaction_id nulls first, occurred_at nulls first,
    event_id nulls first, file_now nulls first, line_now nulls first, line_before nulls first
limit $limit
