-- One row per row of a stored run, its campaign and event by the names of now.
-- Left out: nothing.
select t.* replace (
    coalesce(campaign.canonical, t.campaign_id) as campaign_id,
    coalesce(event.canonical, t.event_id) as event_id
)
from run_row_told as t
left join alias_campaign as campaign on t.campaign_id = campaign.spelling
left join alias_event as event on t.event_id = event.spelling
