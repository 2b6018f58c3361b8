-- One row: a finding the plan does not fire.
insert into blocked_row (
    plan, finding_ref, campaign_id, event_id, transaction_id, revenue_e4, currency, claim_file,
    claim_line, reason, detail
) values (
    $plan, $finding_ref, $campaign_id, $event_id, $transaction_id, $revenue_e4, $currency,
    $claim_file, $claim_line, $reason, $detail
);
