-- The state that a finding had when a pack asked about it; null in packs of before.
alter table pack_finding add column state text;
