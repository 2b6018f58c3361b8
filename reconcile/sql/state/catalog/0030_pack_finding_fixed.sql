-- What was given away never changes.
create trigger pack_finding_fixed before update on pack_finding
begin
    select raise(abort, 'a pack cannot be edited: make a new one');
end;
