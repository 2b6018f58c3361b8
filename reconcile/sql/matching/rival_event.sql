-- One row per id, event, sign and buyer of conversions: the first that is paired, and the first of all.
-- Left out: events that may repeat, and events that are no conversion.
select
    e.key_hi,
    e.key_lo,
    e.event_no,
    e.negative,
    e.buyer_no,
    min(case when p.event_order is not null then e.event_order end) as paired_order, -- rule: rival_event_paired => cast(null as bigint) as paired_order,
    min(e.event_order) as first_order
from event_run as e
left join pair as p on e.event_order = p.event_order
where
    e.may_repeat = 0 -- rule: repeating_events_are_no_rivals => 1 = 1
    and e.is_conversion = 1 -- rule: rival_conversions_only
group by e.key_hi, e.key_lo, e.event_no, e.negative, e.buyer_no
