-- One row per slice and currency of its leads: what they cost and brought themselves. valid: not denied by their own
-- status, and not stopped by an exclusion within the window. Nothing is left out.
select
    columns(lambda name: name = $by_first) as slice,
    columns(lambda name: name = $by_second) as slice_within,
    nullif(currency, '') as currency,
    count(*) as leads,
    count(*) filter (where not is_denied and coalesce(stop_at > entered + $window, true)) as valid,
    count(coalesce(revenue, cost, ad_spend)) as priced,
    sum(revenue) as revenue,
    sum(cost) as cost,
    sum(ad_spend) as ad_spend
from funnel_kept
group by all
