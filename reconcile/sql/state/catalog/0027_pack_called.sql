-- Finds a finding by what a pack calls it.
create index pack_called on pack_finding (called);
