-- The postback taken by this run, if it still is as it was seen.
update intent
set state = 'sending', firing = $run, tries = tries + 1, sent_at = $now, changed_at = $now
where id = $intent and state = $seen;
