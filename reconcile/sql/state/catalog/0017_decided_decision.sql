-- Finds the findings of a decision.
create index decided_decision on decided_finding (decision);
