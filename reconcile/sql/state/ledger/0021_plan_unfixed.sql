-- Makes place for a rule that lets a plan be added to until it is sealed by its hash.
drop trigger plan_fixed;
