-- The rows of a plan that are in one state, moved to another.
update intent set state = $new, changed_at = $now where plan = $plan and state = $old;
