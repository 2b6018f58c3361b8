-- One row per decided finding that the findings which pass the filters are known by: its subject and place.
-- Left out: findings on which nothing was decided.
select distinct t.subject, t.place
from finding_kept as k
inner join finding_state as s on k.ref = s.ref
inner join thread as t on s.thread = t.thread
order by t.subject, t.place
