-- One row: when the next waiting postback of this mode may be sent, null if none waits.
select min(next_at) as next_at from intent
where plan = $plan and mode = $mode and state = 'retryable';
