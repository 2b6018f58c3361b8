-- What was decided is kept, whatever is decided later.
create trigger decision_kept before delete on decision
begin
    select raise(abort, 'decisions are never forgotten: undo them');
end;
