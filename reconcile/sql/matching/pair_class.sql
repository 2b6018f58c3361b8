-- One row per pair with the class it would have if both its rows lay in the period: the first that applies.
-- Left out: nothing.
with classed as (
    select
        p.*,
        case
            when p.state = 2 then 'status_conflict' -- rule: class_status_conflict
            when p.state = 1 then 'not_due_yet' -- rule: class_pending
            when p.same_currency = 0 then 'revenue_mismatch' -- rule: class_currency
            when p.has_amount = 1 and p.event_e4 is null and p.claim_e4 is not null then 'revenue_mismatch' -- rule: class_unpriced_event
            when p.has_amount = 1 and p.event_e4 is not null and p.claim_e4 is null then 'revenue_mismatch' -- rule: class_unpriced_claim
            when p.event_e4 is null or p.claim_e4 is null then 'matched' -- rule: class_unpriced_both
            when p.event_e4 = p.claim_e4 then 'matched' -- rule: class_matched
            when abs(p.claim_e4 - p.event_e4) <= $tolerance_e4 then 'matched_within_tolerance' -- rule: class_tolerance
            when abs(p.claim_e4 - p.event_e4) <= $tolerance_rel * abs(p.event_e4) then 'matched_within_tolerance' -- rule: class_tolerance_rel
            else 'revenue_mismatch'
        end as class
    from pair_fact as p
)

select
    c.*,
    case
        when c.state > 0 then c.status -- rule: reason_status
        when c.same_currency = 0 then 'currency' -- rule: reason_currency
        when c.class <> 'revenue_mismatch' then null -- rule: reason_of_mismatch_only
        when c.event_e4 is null or c.claim_e4 is null then 'unpriced' -- rule: reason_unpriced
        else 'amount'
    end as reason,
    case when r.event_no is not null then 1 else 0 end as repeated
from classed as c
left join repeated as r
    on
        c.claim_buyer_no is not distinct from r.claim_buyer_no -- rule: repeated_of_unknown_buyer => c.claim_buyer_no = r.claim_buyer_no
        and c.claim_key_hi = r.claim_key_hi
        and c.claim_key_lo = r.claim_key_lo
        and c.event_no = r.event_no
        and c.negative = r.negative -- rule: repeated_same_sign
