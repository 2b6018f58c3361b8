-- One row per bucket of a finest group: the bridge before, less what the affected ids were in it, and
-- with what they are now. Left out: buckets that sum to nothing.
with part as (
    select currency, buyer, campaign_id, day, bucket, amount from prior_bridge
    union all
    select currency, buyer, campaign_id, day, bucket, -amount as amount from former_bridge
    union all
    select currency, buyer, campaign_id, day, bucket, amount from new_bridge
)

select
    currency,
    buyer,
    campaign_id,
    day,
    bucket,
    sum(amount)::decimal(38, 4) as amount
from part
group by currency, buyer, campaign_id, day, bucket
having sum(amount) <> 0
