-- The other currency of a pair in two, which is its event's; null where it names none, and for all other findings.
alter table decided_finding add column other_currency text;
