-- What a plan did not fire is never forgotten, unless the plan was never sealed.
create trigger blocked_kept before delete on blocked_row
when coalesce((select hash from plan where id = old.plan), 'unknown') <> ''
begin
    select raise(abort, 'the ledger forgets nothing');
end;
