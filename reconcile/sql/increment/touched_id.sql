-- One row per id of the batches that came or went, and its loose id; a placeholder has none.
-- Left out: rows without an id.
with changed_row as (
    select key_hi, key_lo, norm_id from lead_held
    union all
    select key_hi, key_lo, norm_id from event_held
    union all
    select key_hi, key_lo, norm_id from claim_held
),

changed_id as (
    select
        key_hi,
        key_lo,
        any_value(norm_id) as norm_id
    from changed_row
    where key_hi is not null
    group by key_hi, key_lo
)

select
    key_hi,
    key_lo,
    case when usable_id(norm_id) then loose_key(norm_id) end as loose_id
from changed_id
