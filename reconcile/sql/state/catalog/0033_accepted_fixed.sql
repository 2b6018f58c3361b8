-- What was accepted never changes; it is taken back with its decision.
create trigger accepted_match_fixed before update on accepted_match
begin
    select raise(abort, 'an accepted match cannot be edited: undo its decision');
end;
