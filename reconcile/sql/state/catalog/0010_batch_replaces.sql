-- The batch whose file this one reads in another way, as another version of it; null for a first one.
-- Undoing it brings that batch back.
alter table batch add column replaces text;
