-- What was given away never changes.
create trigger pack_fixed before update on pack
begin
    select raise(abort, 'a pack cannot be edited: make a new one');
end;
