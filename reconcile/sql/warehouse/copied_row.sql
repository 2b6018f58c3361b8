-- One row per event or claim row that several overlapping batches hold, with the newest of them.
-- Left out: rows that only one batch holds.
select
    f.part,
    r.row_hi as id_hi,
    r.row_lo as id_lo,
    r.occ,
    max(f.newness) as newest
from query_table($stored) as r
inner join batch_file as f on r.batch = f.batch
group by f.part, r.row_hi, r.row_lo, r.occ
having min(f.newness) < max(f.newness)
