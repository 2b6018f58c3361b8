-- One row per stored claim without a time whose id several of the batches hold so: which of them counts depends on
-- what overlaps. Left out: all others; versions that have a time have one, so their batches overlap anyway.
with stored as (
    select batch, lead_key(row_hi, key_hi) as key_hi, key_lo, transaction_id, external_clickid, clid
    from claim_stored
    where batch in (select unnest($batches::varchar[]))
    and occurred_at is null
),

several as (
    select key_hi, key_lo
    from stored
    where key_hi is not null
    group by key_hi, key_lo
    having count(distinct batch) > 1
)

select key_hi, key_lo, transaction_id, external_clickid, clid
from stored
semi join several using (key_hi, key_lo)
