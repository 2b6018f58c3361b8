-- Whether this change takes the settings of the event away, so that nothing is set for it any more.
alter table event_setting add column removed integer not null default 0 check (removed in (0, 1));
