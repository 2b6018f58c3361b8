-- One row per event row, where no batch overlaps another. Nothing is left out.
create or replace view event as
select * from event_straight
