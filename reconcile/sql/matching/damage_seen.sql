-- One row per id of rows left over that shows a damage, with what it shows.
-- Left out: ids without damage.
with odd as (
    select odd_id from fallback_event
    union all
    select odd_id from fallback_claim
),

shown as (
    select odd_id, damage_of(odd_id) as damage
    from odd
    where odd_id is not null
    group by odd_id
)

select odd_id, damage, damage_digits(damage) as digits
from shown
where damage is not null
