-- One row per line of `bridge.csv`: one bucket of one finest group.
-- Left out: roll-ups.
select currency, buyer, campaign_id, day, bucket, amount
from bridge
order by
    currency nulls first, buyer nulls first, campaign_id nulls first, day nulls first, bucket nulls last
