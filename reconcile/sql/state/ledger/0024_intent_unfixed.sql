-- Makes place for a rule that names every column of what was planned.
drop trigger intent_fixed;
