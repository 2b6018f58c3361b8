-- One row per left-over event and claim that name the same external id, the event by itself or by its lead.
-- Left out: rows of different events, signs or known buyers, and those that name two known leads.
select
    e.event_order,
    c.claim_order,
    min(claim_named.external) as evidence
from claim_external as claim_named
inner join event_external as event_named on claim_named.external = event_named.external
inner join fallback_claim as c on claim_named.claim_order = c.claim_order
inner join fallback_event as e
    on
        event_named.event_order = e.event_order
        and e.event_no = c.event_no -- rule: external_same_event
        and e.negative = c.negative -- rule: external_same_sign
        and (e.buyer_no is null or c.buyer_no is null or e.buyer_no = c.buyer_no) -- rule: external_same_buyer
        and (e.lead_known = 0 or c.lead_known = 0 or (e.key_hi = c.key_hi and e.key_lo = c.key_lo)) -- rule: external_never_two_leads
group by e.event_order, c.claim_order
