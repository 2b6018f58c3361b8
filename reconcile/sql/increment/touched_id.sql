-- One row per id of the batches that came or went, and its loose id. Left out: ids that name no lead; their
-- rows are always looked at anew.
with changed_row as (
    select key_hi, key_lo, transaction_id from lead_held
    union all
    select key_hi, key_lo, transaction_id from event_held
    union all
    select key_hi, key_lo, transaction_id from claim_held
),

changed_id as (
    select
        key_hi,
        key_lo,
        any_value(transaction_id) as transaction_id
    from changed_row
    where key_hi is not null
    group by key_hi, key_lo
)

select
    key_hi,
    key_lo,
    loose_key(norm_key(transaction_id)) as loose_id
from changed_id
