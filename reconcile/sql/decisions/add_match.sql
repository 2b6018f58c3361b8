-- One row: a pair that a decision accepts, by what its two rows say.
insert into accepted_match (
    decision, event_id, claim_key, claim_at, claim_e4, event_key, event_at, event_e4
) values (
    $decision, $event_id, $claim_key, $claim_at, $claim_e4, $event_key, $event_at, $event_e4
)
