-- One row: the time of the latest claim of the run's buyers in the window, whatever its campaign.
-- Left out: claims without a time, and those of other buyers.
select max(occurred_at) as occurred_at
from claim_fact
where left_out is null -- rule: watermark_of_the_runs_buyers
