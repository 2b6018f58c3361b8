-- Gives a view another name; one that has it already is a conflict.
update saved_view set name = $new where name = $name
