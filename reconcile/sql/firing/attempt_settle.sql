-- The open attempt with its outcome.
update attempt
set answered_at = $now, state = $state, reason = $reason, status = $status, answer = $answer
where id = $attempt and answered_at is null;
