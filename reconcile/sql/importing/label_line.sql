-- One row if a part of a file holds a line that may be a total or a title under a name that nobody knows:
-- it lacks a time, and its id looks like none. $has_time: the file has times. Left out: all other lines.
select 1 as found
from rest_row
where
    class is null
    and fault is null
    and (occurred_at is null or not $has_time)
    and coalesce(names_no_lead(transaction_id), $has_time)
limit 1
