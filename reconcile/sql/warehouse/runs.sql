-- One row per stored run, newest first.
select
    id, created_at, params_json, batch_ids, batch_hashes, rule_version, summary_json,
    result_sha256, finding_count, made_by
from run order by created_at desc, id desc
