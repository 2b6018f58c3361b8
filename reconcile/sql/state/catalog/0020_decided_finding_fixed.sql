-- What was decided never changes; a later decision goes before it.
create trigger decided_finding_fixed before update on decided_finding
begin
    select raise(abort, 'a decision cannot be edited: make a new one, or undo it');
end;
