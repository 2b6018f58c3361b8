-- One row per buyer, id, event and sign of claims: the first that is paired, and the first that counts.
-- Left out: events that may repeat.
select
    c.key_hi,
    c.key_lo,
    c.event_no,
    c.negative,
    c.buyer_no,
    min(case when p.claim_order is not null then c.claim_order end) as paired_order, -- rule: rival_claim_paired => cast(null as bigint) as paired_order,
    min(case when c.state = 0 then c.claim_order end) as counting_order -- rule: rival_claim_counting => min(c.claim_order) as counting_order
from claim_run as c
left join pair as p on c.claim_order = p.claim_order
where c.may_repeat = 0 -- rule: repeating_claims_are_no_rivals
group by c.key_hi, c.key_lo, c.event_no, c.negative, c.buyer_no
