-- One row per id of the batches that came or went, and its loose id.
-- Left out: ids that identify nothing.
with changed_row as (
    select key_hi, key_lo, norm_id from changed_lead
    union all
    select key_hi, key_lo, norm_id from changed_event
    union all
    select key_hi, key_lo, norm_id from changed_claim
)

select
    key_hi,
    key_lo,
    loose_key(any_value(norm_id)) as loose_id
from changed_row
where usable_id(norm_id)
group by key_hi, key_lo
