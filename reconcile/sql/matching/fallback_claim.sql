-- One row per claim of the run that is neither joined nor ambiguous so far, with all that names its lead.
-- Left out: claims that name no event.
-- An id that identifies nothing names no lead. odd_id: an id that no lead has
-- and that a spreadsheet may have damaged.
select
    c.claim_order,
    c.event_no,
    c.negative,
    c.buyer_no,
    c.usable,
    c.external_clickid,
    c.clid,
    case when c.usable = 1 then c.key_hi end as key_hi, -- rule: fallback_claim_placeholder => c.key_hi,
    case when c.usable = 1 then c.key_lo end as key_lo,
    case when c.usable = 1 then c.lead_known else 0 end as lead_known, -- rule: fallback_claim_placeholder_names_no_lead => c.lead_known,
    case when c.usable = 1 then loose_key(c.norm_id) end as loose_id, -- rule: loose_claim_usable => loose_key(c.norm_id) as loose_id,
    case when (c.usable = 0 or c.lead_known = 0) and may_be_damaged(c.norm_id) then c.norm_id end as odd_id -- rule: damaged_claim_names_no_lead => case when may_be_damaged(c.norm_id) then c.norm_id end as odd_id
from claim_run as c
left join pair as p on c.claim_order = p.claim_order
left join (select claim_order from choice group by claim_order) as choice on c.claim_order = choice.claim_order
where
    p.claim_order is null -- rule: fallback_claim_unpaired => 1 = 1
    and choice.claim_order is null -- rule: fallback_claim_not_ambiguous
    and c.event_no is not null
