-- One row per claim of the ids with left-overs, and per claim whose id names no lead. Left out: all others.
select r.*
from claim_all as r
left join left_id as i on r.key_hi = i.key_hi and r.key_lo = i.key_lo
where i.key_hi is not null or r.key_hi is null
