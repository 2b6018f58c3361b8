-- The batch of an id, visible or undone.
select
    id, kind, sender, file, sha256, rows, rejected, imported_at, exported_at, zone, campaigns,
    buyers, first_at, last_at, period_from, period_to, has_amount, cut_off, confirmed,
    format_version, parts, delivery, pack, mapping, status_words, status_events, undone_at, user,
    line_classes, opened, replaces
from batch where id = $id
