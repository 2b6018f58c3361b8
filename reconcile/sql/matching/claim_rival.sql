-- One row per left-over claim that has a rival of the same buyer: paired, or earlier and counting.
-- Left out: claims without a rival. Two unknown buyers are the same.
select
    c.claim_order,
    coalesce(r.paired_order, r.counting_order) as rival_order -- rule: claim_lost_to_the_paired => coalesce(r.counting_order, r.paired_order) as rival_order
from left_claim as c
inner join rival_claim as r
    on
        c.key_hi = r.key_hi
        and c.key_lo = r.key_lo
        and c.event_no = r.event_no -- rule: duplicate_claim_same_event
        and c.negative = r.negative -- rule: duplicate_claim_same_sign
        and c.buyer_no is not distinct from r.buyer_no -- rule: duplicate_claim_same_buyer
where
    r.paired_order is not null -- rule: duplicate_of_paired_claim => 1 = 0
    or r.counting_order < c.claim_order -- rule: duplicate_of_earlier_claim
