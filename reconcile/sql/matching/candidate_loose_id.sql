-- One row per left-over event and claim whose ids are the same but for case, marks and leading zeros.
-- Left out: rows of different events, signs or known buyers, and those that name two known leads.
select
    e.event_order,
    c.claim_order,
    e.loose_id as evidence
from fallback_event as e
inner join fallback_claim as c
    on
        e.loose_id = c.loose_id
        and e.event_no = c.event_no -- rule: loose_same_event
        and e.negative = c.negative -- rule: loose_same_sign
        and (e.buyer_no is null or c.buyer_no is null or e.buyer_no = c.buyer_no) -- rule: loose_same_buyer
        and (e.lead_known = 0 or c.lead_known = 0 or (e.key_hi = c.key_hi and e.key_lo = c.key_lo)) -- rule: loose_never_two_leads
