-- The audit is only ever added to.
create trigger audit_fixed before update on audit
begin
    select raise(abort, 'the audit cannot be edited');
end;
