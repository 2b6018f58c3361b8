-- One row per currency and bucket of the bridge, rolled up over buyers, campaigns and days.
-- Left out: buckets that sum to nothing.
select currency, bucket, sum(amount) as amount
from bridge
group by currency, bucket
having sum(amount) <> 0
