-- What was decided never changes; a later decision goes before it.
create trigger decision_fixed before update on decision
begin
    select raise(abort, 'a decision cannot be edited: make a new one, or undo it');
end;
