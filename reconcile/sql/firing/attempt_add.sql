-- One row: an attempt whose outcome is open.
insert into attempt (intent, run, taken_at) values ($intent, $run, $now) returning id;
