-- A postback is never forgotten, unless its plan was never sealed: its planner was killed.
create trigger intent_kept before delete on intent
when coalesce((select hash from plan where id = old.plan), 'unknown') <> ''
begin
    select raise(abort, 'the ledger forgets nothing');
end;
