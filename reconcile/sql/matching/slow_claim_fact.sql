-- One row per claim of the range that has to be looked at row by row.
-- Left out: claims of clean pairs.
select f.*
from claim_fact as f
left join clean_pair as p
    on f.key_hi = p.key_hi and f.key_lo = p.key_lo and f.event_no = p.event_no
where p.key_hi is null
