-- One row per batch: the time of its latest claim in the window. Left out: batches without one.
select
    batch,
    max(occurred_at) as occurred_at
from claim_held
where occurred_at >= $margin_from and occurred_at < $margin_to
group by batch
