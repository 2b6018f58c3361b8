-- One row: a migration that has been applied.
insert into migration (number, name, applied_at) values ($number, $name, $applied_at);
