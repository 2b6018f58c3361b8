-- One row per conversion of the run that no exact rule has joined, with its loose id.
-- Left out: events that are no conversion, placeholders, and ids without a letter or digit.
select
    e.event_order,
    e.key_hi,
    e.key_lo,
    e.event_no,
    e.negative,
    e.buyer_no,
    e.lead_known,
    loose_key(e.norm_id) as loose_id
from event_run as e
left join pair as p on e.event_order = p.event_order
where
    p.event_order is null -- rule: loose_event_unpaired => 1 = 1
    and e.usable = 1 -- rule: loose_event_usable
    and e.is_conversion = 1 -- rule: loose_conversions_only
