-- Who changed the settings of an event; null where nobody is on record.
alter table event_setting add column said_by text;
