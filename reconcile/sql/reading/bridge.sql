-- One row per bucket of a stored run's bridge, rolled up to the dimensions asked for.
-- Left out: buckets that sum to nothing there, and what the filters do not let pass (null: all).
select
    case when $by_currency then currency end as currency,
    case when $by_buyer then buyer end as buyer,
    case when $by_campaign then campaign_id end as campaign_id,
    case when $by_day then day end as day,
    bucket,
    cast(sum(amount) as decimal(38, 4)) as amount
from run_bridge
where
    ($buyer is null or buyer = $buyer)
    and ($campaign is null or campaign_id = $campaign)
    and ($currency is null or currency = $currency)
group by 1, 2, 3, 4, 5
having sum(amount) <> 0
order by
    currency nulls first, buyer nulls first, campaign_id nulls first, day nulls first,
    case bucket when 'events' then 0 when 'claims' then 2 else 1 end, bucket
