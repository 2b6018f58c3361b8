-- What was planned never changes; only what became of it does.
create trigger intent_fixed
before update of
plan, host, path, body, mode, campaign_id, event_id, transaction_id, transaction_key, repeat_key,
pid, revenue_e4, currency, occurred_at, finding_ref, seen_before
on intent
begin
    select raise(abort, 'a planned postback cannot be edited: cancel the plan and make a new one');
end;
