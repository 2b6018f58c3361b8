-- One row per event and claim of the same id, event and sign where at least one buyer is unknown.
-- Left out: seats beyond the cap of one key, rows that rule `exact` has joined, and ids that identify nothing.
select
    e.event_order,
    c.claim_order
from event_run as e
inner join claim_run as c
    on
        e.key_hi = c.key_hi
        and e.key_lo = c.key_lo
        and e.event_no = c.event_no -- rule: unknown_buyer_same_event
        and e.negative = c.negative -- rule: unknown_buyer_same_sign
        and (e.buyer_no is null or c.buyer_no is null) -- rule: unknown_buyer_needs_one
left join pair as paired_event on e.event_order = paired_event.event_order
left join pair as paired_claim on c.claim_order = paired_claim.claim_order
where
    e.usable = 1 -- rule: unknown_buyer_usable_id => 1 = 1
    and e.seat <= $candidate_cap -- rule: unknown_buyer_cap_of_events
    and c.seat <= $candidate_cap -- rule: unknown_buyer_cap_of_claims
    and paired_event.event_order is null -- rule: exact_goes_first_for_events
    and paired_claim.claim_order is null -- rule: exact_goes_first_for_claims
