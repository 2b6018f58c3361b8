-- Makes place for a rule that lets go of a plan that was never sealed.
drop trigger plan_kept;
