-- A plan that has its hash never changes; it can only be approved.
create trigger plan_fixed before update of id, hash, host, rows, sums, phrase, made_at on plan
when old.hash <> ''
begin
    select raise(abort, 'a plan cannot be edited: cancel it and make a new one');
end;
