-- The pack whose file holds the rows of a batch; null where they are in the batch's own folder.
alter table batch add column pack text;
