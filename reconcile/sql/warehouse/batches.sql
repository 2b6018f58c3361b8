-- One row per batch in the order of import. Left out: other kinds, and undone ones unless asked for.
select
    id, kind, sender, file, sha256, rows, rejected, imported_at, exported_at, zone, campaigns,
    buyers, first_at, last_at, period_from, period_to, has_amount, cut_off, confirmed,
    format_version, parts, delivery, pack, mapping, status_words, status_events, undone_at, user,
    line_classes, opened, replaces
from batch
where ($kind is null or kind = $kind) and ($with_undone or undone_at is null)
order by imported_at, id
