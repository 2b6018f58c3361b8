-- One row: a planned postback.
insert into intent (
    plan, host, path, body, mode, campaign_id, event_id, transaction_id, transaction_key,
    repeat_key, pid, buyer, revenue_e4, currency, occurred_at, finding_ref, claim_file, claim_line,
    run, seen_before, state, tries, changed_at
) values (
    $plan, $host, $path, $body, $mode, $campaign_id, $event_id, $transaction_id, $transaction_key,
    $repeat_key, $pid, $buyer, $revenue_e4, $currency, $occurred_at, $finding_ref, $claim_file,
    $claim_line, $run, $seen_before, 'planned', 0, $now
);
