-- One row per event or claim in scope that was looked at row by row.
-- Left out: clean pairs, which need no row of their own.
select * from event_verdict
union all
select * from claim_verdict
