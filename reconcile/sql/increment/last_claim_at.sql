-- One row: the time of the latest claim in the window. Left out: claims without a time.
select max(occurred_at) as occurred_at
from claim
where occurred_at >= $margin_from and occurred_at < $margin_to
