-- One row per further row with money as the events of the platform alone have it.
-- Left out: nothing.
select * from funnel_more_tracked
