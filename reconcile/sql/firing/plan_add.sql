-- One row: a new plan, not approved. Until it is sealed its postbacks are still being added.
insert into plan (hash, host, rows, sums, phrase, made_at, made_by, note)
values ('', $host, 0, '{}', '', $now, $user, $note)
returning id;
