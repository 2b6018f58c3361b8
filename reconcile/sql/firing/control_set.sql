-- One row: a switch as a person set it last.
insert into control (name, value, changed_at, changed_by) values ($name, $value, $now, $user)
on conflict (name) do update
set value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by;
