-- The postback this run was sending, with what became of it.
update intent set state = $state, reason = $reason, next_at = $next_at, changed_at = $now
where id = $intent and state = 'sending' and firing = $run;
