-- One row: a planned postback, unless its place is taken. Parameters by place, which with a million
-- rows is twice as fast as by name.
insert into intent (
    plan, host, changed_at, path, body, mode, campaign_id, event_id, transaction_id,
    transaction_key, repeat_key, pid, buyer, revenue_e4, currency, occurred_at, finding_ref,
    claim_file, claim_line, run, seen_before, state, tries
) values (
    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', 0
) on conflict do nothing;
