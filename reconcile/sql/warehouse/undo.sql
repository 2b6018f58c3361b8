-- Hides one batch; the first undoing's time and person stay.
update batch set undone_at = $undone_at, undone_by = $undone_by where id = $id and undone_at is null
