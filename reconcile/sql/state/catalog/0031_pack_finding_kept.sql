-- What was given away is kept.
create trigger pack_finding_kept before delete on pack_finding
begin
    select raise(abort, 'packs are never forgotten');
end;
