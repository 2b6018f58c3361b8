-- One row per row of an identity that has more than two rows in several overlapping batches.
-- Left out: all other rows.
select r.*
from query_table($rows) as r
inner join query_table($shared) as s
    on r.id_hi = s.id_hi
    and r.id_lo = s.id_lo
where s.n > 2
