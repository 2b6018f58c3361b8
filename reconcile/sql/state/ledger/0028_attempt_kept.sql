-- An attempt is never forgotten.
create trigger attempt_kept before delete on attempt
begin
    select raise(abort, 'the ledger forgets nothing');
end;
