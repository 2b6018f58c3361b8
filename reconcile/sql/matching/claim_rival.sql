-- One row per left-over claim that has a rival of the same buyer: paired, or earlier and counting.
-- Left out: claims without a rival. Two unknown buyers are the same.
select
    c.claim_order,
    coalesce(min(r.paired_order), min(r.counting_order)) as rival_order
from left_claim as c
inner join rival_claim as r
    on
        c.key_hi = r.key_hi
        and c.key_lo = r.key_lo
        and c.event_no = r.event_no
        and c.negative = r.negative
        and c.buyer_no is not distinct from r.buyer_no -- rule: duplicate_claim_same_buyer
where r.paired_order is not null or r.counting_order < c.claim_order -- rule: duplicate_claim_earlier => where 1 = 1
group by c.claim_order
