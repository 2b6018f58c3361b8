-- One row per key that stands on several lines. Left out: rows that name no lead.
select key_hi
from checked_row
where key_hi is not null
group by key_hi
having count(*) > 1
