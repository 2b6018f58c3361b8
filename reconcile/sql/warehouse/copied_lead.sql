-- One row per lead that several overlapping batches hold, with the newest of them.
-- A lead without an id is known by its whole row. Left out: leads that only one batch holds.
select
    f.part,
    coalesce(r.key_hi, r.row_hi) as id_hi,
    coalesce(r.key_lo, r.row_lo) as id_lo,
    case when r.key_hi is null then r.occ else 0 end as occ,
    max(f.newness) as newest
from query_table($stored) as r
inner join batch_file as f on r.batch = f.batch
group by all
having min(f.newness) < max(f.newness)
