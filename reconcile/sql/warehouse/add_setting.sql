-- One row: a change of an event's settings.
insert into event_setting (
    campaign_id, event_id, name, is_conversion, allows_duplicates, position, changed_at
) values (
    $campaign_id, $event_id, $name, $is_conversion, $allows_duplicates, $position, $changed_at
)
