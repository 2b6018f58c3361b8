-- The rows of a part of a plan that are in one state, moved to another.
update intent set state = $new, changed_at = $now
where id between $first and $last and plan = $plan and state = $old;
