-- What was at stake in the other currency of a pair in two, in ten-thousandths; null for all other findings, and for
-- what was decided before this was kept.
alter table decided_finding add column other_at_stake_e4 integer;
