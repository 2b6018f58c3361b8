-- One row per event row that counts: of large batches, of overlapping ones, and of many small ones.
-- Left out: what event_newest leaves out.
select * from event_straight
union all
select * from event_newest
union all
select * from event_gathered
