-- One row per lead as the events of the platform alone have it.
-- Left out: nothing.
select * from funnel_fact_tracked
