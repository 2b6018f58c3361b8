-- One row per left-over claim and external id that it names.
-- Left out: placeholders, and ids that more claims left over name than one id may have rows.
with told as (
    select claim_order, external_clickid as external from fallback_claim
    union all
    select claim_order, clid as external from fallback_claim -- rule: external_clid_of_claim => select claim_order, external_clickid as external from fallback_claim
),

named as (
    select claim_order, external
    from told
    where usable_id(norm_key(external)) -- rule: external_placeholder_of_claim => where external is not null
    group by claim_order, external
),

frequent as (
    select external
    from named
    group by external
    having count(*) > $placeholder_limit -- rule: external_on_too_many_claims => having count(*) > 1000000
)

select n.claim_order, n.external
from named as n
left join frequent as f on n.external = f.external
where f.external is null
