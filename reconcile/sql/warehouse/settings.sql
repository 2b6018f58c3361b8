-- One row per campaign and event: the newest of its settings. Left out: what they were before, and events whose
-- settings were taken away.
select campaign_id, event_id, name, is_conversion, allows_duplicates, position
from event_setting as s
where
    removed = 0
    and number = (
        select max(number) from event_setting as n
        where n.campaign_id = s.campaign_id and n.event_id = s.event_id
    )
order by campaign_id, position is null, position, event_id
