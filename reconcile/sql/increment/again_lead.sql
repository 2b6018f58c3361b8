-- One row per stored lead whose id several of the batches hold: which of them counts depends on what overlaps.
-- Left out: all others. Versions of a lead are told by its id alone, so their batches need not overlap.
with stored as (
    select batch, lead_key(row_hi, key_hi) as key_hi, key_lo, transaction_id, external_clickid, clid
    from lead_stored
    where batch in (select unnest($batches::varchar[]))
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
