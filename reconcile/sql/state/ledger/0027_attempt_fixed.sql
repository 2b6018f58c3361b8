-- An attempt is settled once, and what it was never changes.
create trigger attempt_fixed before update on attempt
when old.answered_at is not null
begin
    select raise(abort, 'a settled attempt cannot be edited');
end;
