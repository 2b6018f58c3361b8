-- One row per campaign and event of a plan's postbacks of one mode in one of these states (a JSON list).
-- Left out: those that no stored run tells of.
select distinct campaign_id, event_id from intent
where
    plan = $plan
    and mode = $mode
    and run is not null
    and state in (select value from json_each($states))
order by campaign_id, event_id;
