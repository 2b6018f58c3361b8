-- What a plan did not fire, and why, never changes.
create trigger blocked_fixed before update on blocked_row
begin
    select raise(abort, 'what a plan left out cannot be edited: make a new one');
end;
