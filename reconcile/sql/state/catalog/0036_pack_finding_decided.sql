-- When that state was decided, as UTC text; null where nothing was decided.
alter table pack_finding add column decided_at text;
