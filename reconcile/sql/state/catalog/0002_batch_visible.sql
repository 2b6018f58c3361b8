-- The same bytes may be visible only once per kind; undone batches may be imported again.
create unique index batch_visible on batch (kind, sha256) where undone_at is null;
