-- One row per external id that a left-over claim names and exactly one known lead carries, with that lead.
-- Left out: ids of several leads, which identify none.
with wanted as (
    select external
    from claim_external
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
),

of_lead as (
    select key_hi, key_lo, external
    from carried
    group by key_hi, key_lo, external
)

select external, min(key_hi) as key_hi, min(key_lo) as key_lo
from of_lead
group by external
having count(*) = 1 -- rule: external_of_one_lead
