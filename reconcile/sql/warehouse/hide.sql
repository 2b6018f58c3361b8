-- Hides one batch, whose place another version of its file takes.
update batch set undone_at = $undone_at where id = $id and undone_at is null
