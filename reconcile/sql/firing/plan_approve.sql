-- One row: the plan approved, unless it was already.
update plan set approved_hash = $hash, approved_at = $now, approved_by = $user
where id = $plan and hash = $hash and approved_hash is null;
