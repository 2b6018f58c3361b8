-- One row: a change of an event's settings, or with $removed that nothing is set for it any more.
insert into event_setting (
    campaign_id, event_id, name, is_conversion, allows_duplicates, position, removed, said_by, changed_at
) values (
    $campaign_id, $event_id, $name, $is_conversion, $allows_duplicates, $position, $removed, $said_by, $changed_at
)
