-- One row per event row, where no batch overlaps another. Nothing is left out.
select * from event_straight
