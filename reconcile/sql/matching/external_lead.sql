-- One row per external id that a left-over claim names and known lead that carries it.
-- Left out: ids that are placeholders, and ids that no lead carries.
with told as (
    select external_clickid as external from fallback_claim
    union all
    select clid as external from fallback_claim
),

wanted as (
    select external
    from told
    where usable_id(norm_key(external))
    group by external
),

carried as (
    select l.key_hi, l.key_lo, w.external
    from lead as l
    inner join wanted as w on l.external_clickid = w.external
    where l.key_hi is not null
    union all
    select l.key_hi, l.key_lo, w.external
    from lead as l
    inner join wanted as w on l.clid = w.external -- rule: external_clid_of_lead => inner join wanted as w on l.external_clickid = w.external
    where l.key_hi is not null
)

select key_hi, key_lo, external
from carried
group by key_hi, key_lo, external
