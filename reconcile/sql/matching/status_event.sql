-- One row per file and status word that names an event, by the event's number.
-- Left out: nothing.
select n.file_no, n.raw, event.word_no
from status_event_name as n
inner join word as event on n.event = event.word
