-- One row per stored claim: its batch and time. Left out: claims without a time.
select batch, occurred_at
from claim_stored
where occurred_at is not null
