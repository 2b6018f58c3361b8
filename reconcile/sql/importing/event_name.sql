-- One row per event that the rows name, the commonest first. Left out: rows without one, all beyond $most.
select event_id
from checked_row
where event_id is not null
group by event_id
order by count(*) desc, event_id
limit $most
