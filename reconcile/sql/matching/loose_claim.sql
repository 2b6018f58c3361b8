-- One row per claim of the run that no exact rule has joined, with its loose id.
-- Left out: placeholders, claims that name no event, and ids without a letter or digit.
select
    c.claim_order,
    c.key_hi,
    c.key_lo,
    c.event_no,
    c.negative,
    c.buyer_no,
    c.lead_known,
    loose_key(c.norm_id) as loose_id
from claim_run as c
left join pair as p on c.claim_order = p.claim_order
where
    p.claim_order is null -- rule: loose_claim_unpaired => 1 = 1
    and c.usable = 1 -- rule: loose_claim_usable
