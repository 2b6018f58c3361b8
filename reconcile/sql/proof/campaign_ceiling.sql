-- One row per campaign: the 99th percentile of what its events bring, in ten-thousandths.
-- Left out: events without an amount, of nothing, or corrected downwards.
select campaign_id, quantile_disc(revenue_e4, 0.99) as p99_e4
from event
where campaign_id is not null and revenue_e4 > 0
group by campaign_id
