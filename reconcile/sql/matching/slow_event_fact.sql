-- One row per event of the range that has to be looked at row by row.
-- Left out: events of clean pairs.
select f.*
from event_fact as f
left join clean_pair as p
    on f.key_hi = p.key_hi and f.key_lo = p.key_lo and f.event_no = p.event_no
where p.key_hi is null
