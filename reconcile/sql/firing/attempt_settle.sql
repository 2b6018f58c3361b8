-- The open attempts with their outcome; $rows as in intent_settle. Bytes cannot stand in JSON, so
-- all answers are one blob, of which each row says where its own begins (from 1) and how long it is.
update attempt
set
    answered_at = $now,
    state = json_extract(told.value, '$[3]'),
    reason = json_extract(told.value, '$[4]'),
    status = json_extract(told.value, '$[6]'),
    answer = substr($answers, json_extract(told.value, '$[7]'), json_extract(told.value, '$[8]'))
from json_each($rows) as told
where
    attempt.id = json_extract(told.value, '$[1]')
    and attempt.answered_at is null;
