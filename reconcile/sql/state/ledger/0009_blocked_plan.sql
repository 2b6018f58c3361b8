-- Finds the blocked rows of a plan.
create index blocked_plan on blocked_row (plan);
