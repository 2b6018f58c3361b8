-- One row: the first time a lead came, and the last time of a lead and of an event, as they were found when the rows
-- were read. Nothing is left out.
select * from funnel_time_span
