-- A plan is never forgotten, unless it was never sealed.
create trigger plan_kept before delete on plan
when old.hash <> ''
begin
    select raise(abort, 'the ledger forgets nothing');
end;
