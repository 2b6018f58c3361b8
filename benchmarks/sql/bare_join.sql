-- One row: how many pairs of an event and a claim share an id.
-- Left out: short ids. They are placeholders, each on thousands of rows of either side.
select count(*) as pairs
from event_row as e
inner join claim_row as c on e.id = c.id
where length(e.id) > 4
