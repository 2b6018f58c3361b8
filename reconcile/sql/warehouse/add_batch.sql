-- One row: a batch becomes visible. It is confirmed later, if ever.
insert into batch (
    id, kind, sender, file, sha256, rows, rejected, imported_at, exported_at, zone, campaigns,
    buyers, first_at, last_at, period_from, period_to, has_amount, cut_off, confirmed,
    format_version, parts, delivery, mapping, status_words, status_events, user, line_classes,
    opened, replaces
) values (
    $id, $kind, $sender, $file, $sha256, $rows, $rejected, $imported_at, $exported_at, $zone,
    $campaigns, $buyers, $first_at, $last_at, $period_from, $period_to, $has_amount, $cut_off, 0,
    $format_version, $parts, $delivery, $mapping, $status_words, $status_events, $user,
    $line_classes, $opened, $replaces
)
