-- One row per entry of leads that were followed row by row, as the events of the platform alone have it.
-- Left out: nothing.
select * from funnel_several_tracked
