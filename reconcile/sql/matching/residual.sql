-- One row per group whose bridge does not close: there must be none.
-- Left out: groups where events plus all buckets equal claims.
select currency, buyer, campaign_id, day, sum(case when bucket = 'claims' then -amount else amount end) as residual
from bridge
group by currency, buyer, campaign_id, day
having sum(case when bucket = 'claims' then -amount else amount end) <> 0
