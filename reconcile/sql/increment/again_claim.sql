-- One row per id of which several batches hold a claim without a time: which of these counts depends on
-- what overlaps. Left out: all others; versions that have a time have one, so their batches overlap anyway.
select
    key_hi,
    key_lo,
    any_value(transaction_id) as transaction_id
from claim_stored
where
    batch in (select unnest($batches::varchar[]))
    and lead_key(row_hi, key_hi) is not null
    and occurred_at is null
group by key_hi, key_lo
having count(distinct batch) > 1
