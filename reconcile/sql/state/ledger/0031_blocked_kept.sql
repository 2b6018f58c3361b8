-- What a plan did not fire is never forgotten.
create trigger blocked_kept before delete on blocked_row
begin
    select raise(abort, 'the ledger forgets nothing');
end;
