-- One row per event and claim of the same buyer, id, event and sign: what rule `exact` may join.
-- Left out: seats beyond the cap of one key, rows of unknown buyers, which equal none, and ids that identify nothing.
select
    e.event_order,
    c.claim_order
from event_run as e
inner join claim_run as c
    on
        e.key_hi = c.key_hi
        and e.key_lo = c.key_lo
        and e.event_no = c.event_no -- rule: exact_same_event
        and e.buyer_no = c.buyer_no -- rule: exact_same_buyer
        and e.negative = c.negative -- rule: exact_same_sign
where
    e.usable = 1 -- rule: exact_usable_id => 1 = 1
    and e.seat <= $candidate_cap -- rule: exact_cap_of_events
    and c.seat <= $candidate_cap -- rule: exact_cap_of_claims
