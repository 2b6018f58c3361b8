-- What was accepted is kept, whatever is decided later.
create trigger accepted_match_kept before delete on accepted_match
begin
    select raise(abort, 'an accepted match is never forgotten: undo its decision');
end;
