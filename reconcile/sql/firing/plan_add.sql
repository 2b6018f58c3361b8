-- One row: a new plan, not approved.
insert into plan (hash, host, rows, sums, phrase, made_at, made_by, note)
values ($hash, $host, $rows, $sums, $phrase, $now, $user, $note)
returning id;
