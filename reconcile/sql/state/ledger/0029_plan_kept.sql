-- A plan is never forgotten.
create trigger plan_kept before delete on plan
begin
    select raise(abort, 'the ledger forgets nothing');
end;
