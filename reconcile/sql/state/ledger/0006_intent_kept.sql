-- A postback is never forgotten.
create trigger intent_kept before delete on intent
begin
    select raise(abort, 'the ledger forgets nothing');
end;
