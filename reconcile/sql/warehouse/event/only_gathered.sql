-- One row per event row, where all batches are small and none overlaps another. Nothing is left out.
select * from event_gathered
