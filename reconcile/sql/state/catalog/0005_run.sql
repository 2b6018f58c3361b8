-- One row per stored run; its verdict and bridge are in files of its folder.
create table run (
    id text primary key,
    created_at text not null,
    params_json text not null,
    batch_ids text not null,
    batch_hashes text not null,
    rule_version text not null,
    summary_json text not null,
    result_sha256 text not null,
    finding_count integer not null
) strict;
