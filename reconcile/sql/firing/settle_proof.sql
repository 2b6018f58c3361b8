-- The postback in the state it was read in, moved by what an export shows.
update intent set state = $new, reason = $reason, changed_at = $now
where id = $intent and state = $old;
