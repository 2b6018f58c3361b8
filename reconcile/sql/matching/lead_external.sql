-- One row per external id that a left-over claim names and exactly one known lead carries, with that lead.
-- Left out: ids of several leads, which identify none.
with wanted as (
    select external
    from claim_external
    group by external
)

select l.external, min(l.key_hi) as key_hi, min(l.key_lo) as key_lo
from external_lead as l
inner join wanted as w on l.external = w.external
group by l.external
having count(*) = 1 -- rule: external_of_one_lead
