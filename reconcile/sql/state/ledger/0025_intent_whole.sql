-- What was planned never changes, whose finding it is included; only what became of it does.
create trigger intent_fixed
before update of
id, plan, host, path, body, mode, campaign_id, event_id, transaction_id, transaction_key, repeat_key,
pid, buyer, revenue_e4, currency, occurred_at, finding_ref, claim_file, claim_line, run, seen_before
on intent
begin
    select raise(abort, 'a planned postback cannot be edited: cancel the plan and make a new one');
end;
