-- One row per event, those of our own postbacks at the time of their claim.
-- Left out: nothing; the batch keeps what the file says.
select t.* replace (coalesce(own_event.occurred_at, t.occurred_at) as occurred_at)
from event_read as t
left join own_event on t.file_no = own_event.file_no and t.line_no = own_event.line_no;
