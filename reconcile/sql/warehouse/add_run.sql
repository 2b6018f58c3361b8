-- One row: a run whose folder is in its place.
insert into run (
    id, created_at, params_json, batch_ids, batch_hashes, rule_version, summary_json,
    result_sha256, finding_count, made_by
) values (
    $id, $created_at, $params_json, $batch_ids, $batch_hashes, $rule_version, $summary_json,
    $result_sha256, $finding_count, $made_by
)
