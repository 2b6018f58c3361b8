-- One row per slow key: the campaign its events agree on, null where they do not or none is known.
-- Left out: keys without events.
select
    key_hi,
    key_lo,
    event_no,
    case when min(campaign_no) = max(campaign_no) then min(campaign_no) end as campaign_no -- rule: key_campaign_agreed => min(campaign_no) as campaign_no
from slow_event
where key_hi is not null and event_no is not null
group by key_hi, key_lo, event_no
