-- One row per buyer, id, event and sign that is paired more than once although the event does not repeat.
-- Left out: events that may repeat. Pairs of the margin count too.
select
    claim_buyer_no,
    claim_key_hi,
    claim_key_lo,
    event_no,
    negative
from pair_fact
where
    claim_key_hi is not null
    and may_repeat = 0 -- rule: repeated_only_if_not_repeating
group by claim_buyer_no, claim_key_hi, claim_key_lo, event_no, negative
having count(*) > 1 -- rule: repeated_needs_two
