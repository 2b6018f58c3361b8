-- What was decided is kept, whatever is decided later.
create trigger decided_finding_kept before delete on decided_finding
begin
    select raise(abort, 'decisions are never forgotten: undo them');
end;
