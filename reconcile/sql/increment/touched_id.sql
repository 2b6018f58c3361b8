-- One row per id of the batches that came or went. Left out: ids that name no lead; their rows are always
-- looked at anew.
with changed_row as (
    select key_hi, key_lo from lead_held
    union all
    select key_hi, key_lo from event_held
    union all
    select key_hi, key_lo from claim_held
)

select distinct key_hi, key_lo
from changed_row
where key_hi is not null
