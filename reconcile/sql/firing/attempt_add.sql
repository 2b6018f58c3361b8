-- One row per postback of a JSON list: its attempt, whose outcome is open.
insert into attempt (intent, run, taken_at)
select value, $run, $now from json_each($intents)
returning id, intent;
