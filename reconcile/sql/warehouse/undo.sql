-- Hides one batch; the first undoing's time stays.
update batch set undone_at = $undone_at where id = $id and undone_at is null
