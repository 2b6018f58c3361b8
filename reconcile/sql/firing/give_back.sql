-- A postback that was taken and not sent, as it was before or as its source is held back.
update intent
set state = $state, reason = $reason, next_at = $next_at, tries = tries - 1, changed_at = $now
where id = $intent and state = 'sending' and firing = $run;
