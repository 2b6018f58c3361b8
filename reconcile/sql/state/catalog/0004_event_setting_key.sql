-- Finds the newest row of a key.
create index event_setting_key on event_setting (campaign_id, event_id, number);
