-- Makes place for a rule that lets go of what was never part of a whole plan.
drop trigger blocked_kept;
