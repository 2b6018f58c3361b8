-- The postbacks this run was sending, with what became of them.
-- $rows is a JSON list, one [postback, attempt, run, state, reason, next_at, status, from, bytes]
-- each: in one statement, because each one holds the lanes up for a moment.
update intent
set
    state = json_extract(told.value, '$[3]'),
    reason = json_extract(told.value, '$[4]'),
    next_at = json_extract(told.value, '$[5]'),
    changed_at = $now
from json_each($rows) as told
where
    intent.id = json_extract(told.value, '$[0]')
    and intent.state = 'sending'
    and intent.firing = json_extract(told.value, '$[2]');
