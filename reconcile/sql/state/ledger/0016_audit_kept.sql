-- The audit is only ever added to.
create trigger audit_kept before delete on audit
begin
    select raise(abort, 'the audit forgets nothing');
end;
