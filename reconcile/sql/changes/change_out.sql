-- One row per move of the buyer's claims, the largest effect on the sum of its currency first: one for each cause,
-- and one for each currency that is touched. Left out: nothing.
select
    cause as change,
    currency,
    money_of(effect_e4) as effect,
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
from move
order by
    abs(effect_e4) desc, cause, transaction_id nulls first, occurred_at nulls first,
    event_id nulls first, file_now nulls first, line_now nulls first, line_before nulls first,
    effect_e4, currency nulls first
limit $limit
