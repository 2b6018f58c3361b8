-- One row per conversion of the period and the run that found no partner.
-- Left out: paired events, events of the margin, events that are no conversion, and, where the run is
-- for named buyers, events whose buyer is unknown.
select
    e.*,
    coalesce(e.occurred_at, e.stated_from) as probe_from,
    coalesce(e.occurred_at, last_instant(e.stated_to)) as probe_to
from event_run as e
left join pair as p on e.event_order = p.event_order
where
    e.in_period = 1 -- rule: left_event_of_period => 1 = 1
    and p.event_order is null -- rule: left_event_unpaired
    and e.is_conversion = 1 -- rule: left_conversions_only
    and not ($by_buyer and e.buyer_no is null) -- rule: left_known_buyers_only
