-- A plan is approved once.
create trigger plan_approved before update of approved_hash, approved_at, approved_by on plan
when old.approved_hash is not null
begin
    select raise(abort, 'an approved plan cannot be approved anew: cancel it and make a new one');
end;
