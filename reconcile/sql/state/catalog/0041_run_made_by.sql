-- Who made a run; null in runs of before.
alter table run add column made_by text;
