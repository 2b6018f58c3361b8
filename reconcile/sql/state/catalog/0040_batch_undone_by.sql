-- Who undid a batch; null where nobody is on record.
alter table batch add column undone_by text;
