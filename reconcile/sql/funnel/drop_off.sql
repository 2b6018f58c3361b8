-- One row per lead that went no further than a step: since when it waits, its age at the data's end, its money so far
-- in its own currency. The longest waiting come last. Left out: what lies beyond the page.
select
    lead,
    transaction_id,
    campaign_id,
    pid,
    buyer,
    entered as entered_at,
    t2 as reached_at, -- last step
    greatest((epoch_us($as_of) - epoch_us(entered)) // 1000000, 0) as age_s,
    greatest((epoch_us($as_of) - epoch_us(t2)) // 1000000, 0) as waiting_s, -- last step
    $bounded and entered + $window > $as_of as is_young,
    (
        coalesce(revenue, 0)
        + coalesce(case when c2 = currency and t2 <= entered + $window then r2 end, 0) -- each step
    )::decimal(38, 4) as revenue,
    cost,
    ad_spend,
    nullif(currency, '') as currency
from funnel_dropped
order by reached_at desc, transaction_id, lead
limit $limit offset $offset
