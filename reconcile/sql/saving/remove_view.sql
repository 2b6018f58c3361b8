-- Forgets a view.
delete from saved_view where name = $name
