-- One row per id of which several batches hold a lead: which of these counts depends on what overlaps.
-- Left out: all others. Versions of a lead are told by its id alone, so their batches need not overlap.
select
    key_hi,
    key_lo,
    any_value(transaction_id) as transaction_id
from lead_stored
where
    batch in (select unnest($batches::varchar[]))
    and lead_key(row_hi, key_hi) is not null
group by key_hi, key_lo
having count(distinct batch) > 1
