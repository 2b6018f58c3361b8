-- One row per event row that counts. Left out: what event_newest leaves out.
create or replace view event as
select * from event_straight
union all
select * from event_newest
