-- One row per conversion of the run that is neither joined nor ambiguous so far, with all that names its lead.
-- Left out: events that are no conversion, and events without a name.
-- An id that identifies nothing names no lead. odd_id: an id that no lead has
-- and that a spreadsheet may have damaged.
select
    e.event_order,
    e.event_no,
    e.negative,
    e.buyer_no,
    e.usable,
    e.external_clickid,
    e.clid,
    case when e.usable = 1 then e.key_hi end as key_hi, -- rule: fallback_event_placeholder => e.key_hi,
    case when e.usable = 1 then e.key_lo end as key_lo,
    case when e.usable = 1 then e.lead_known else 0 end as lead_known, -- rule: fallback_event_placeholder_names_no_lead => e.lead_known,
    case when e.usable = 1 then loose_key(e.norm_id) end as loose_id, -- rule: loose_event_usable => loose_key(e.norm_id) as loose_id,
    case when (e.usable = 0 or e.lead_known = 0) and may_be_damaged(e.norm_id) then e.norm_id end as odd_id -- rule: damaged_event_names_no_lead => case when may_be_damaged(e.norm_id) then e.norm_id end as odd_id
from event_run as e
left join pair as p on e.event_order = p.event_order
left join (select event_order from choice group by event_order) as choice on e.event_order = choice.event_order
where
    p.event_order is null -- rule: fallback_event_unpaired => 1 = 1
    and choice.event_order is null -- rule: fallback_event_not_ambiguous
    and e.event_no is not null
    and e.is_conversion = 1 -- rule: fallback_conversions_only
