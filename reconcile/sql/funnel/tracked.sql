-- One row per lead and entry as the events of the platform alone have them, without recovered ones.
-- Left out: nothing.
select * from funnel_fact_tracked
