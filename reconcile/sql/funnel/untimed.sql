-- One row: whether some event names no time of its own. Nothing is left out.
select count(*) > 0 from event where occurred_at is null
