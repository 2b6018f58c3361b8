-- One row per external or damaged id of the rows that are reconciled anew: what may name a lead of another id.
-- Left out: those of leads that are no claims.
with named as (
    select external_clickid as external, null::varchar as damage from claim_held
    union all
    select clid as external, null::varchar as damage from claim_held
    union all
    select external_clickid as external, null::varchar as damage from lead_held where $leads_are_claims
    union all
    select clid as external, null::varchar as damage from lead_held where $leads_are_claims
    union all
    select null as external, damage_of(norm_key(transaction_id)) as damage from claim_held
    union all
    select null as external, damage_of(norm_key(transaction_id)) as damage from event_held
    union all
    select null as external, damage_of(norm_key(transaction_id)) as damage from lead_held where $leads_are_claims
)

select distinct
    external,
    damage,
    damage_digits(damage) as digits
from named
where external is not null or damage is not null
