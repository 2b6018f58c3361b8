-- One row: a finding of a decision, with the facts it was decided on.
insert into decided_finding (
    decision, subject, place, side, class, transaction_key, event_id, negative, transaction_id,
    occurred_at, day, reason, revenue_e4, partner_e4, currency, status, buyer, campaign_id, at_stake_e4,
    other_at_stake_e4, other_currency, file, line, credit_e4, credit_currency
) values (
    $decision, $subject, $place, $side, $class, $transaction_key, $event_id, $negative, $transaction_id,
    $occurred_at, $day, $reason, $revenue_e4, $partner_e4, $currency, $status, $buyer, $campaign_id,
    $at_stake_e4, $other_at_stake_e4, $other_currency, $file, $line, $credit_e4, $credit_currency
)
