-- What was given away is kept.
create trigger pack_kept before delete on pack
begin
    select raise(abort, 'packs are never forgotten');
end;
