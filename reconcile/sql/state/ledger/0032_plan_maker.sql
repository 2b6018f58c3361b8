-- Who made a plan decides who may approve it, so that it never changes, and neither does the note.
create trigger plan_maker before update of made_by, note on plan
when old.hash <> ''
begin
    select raise(abort, 'a plan cannot be edited: cancel it and make a new one');
end;
