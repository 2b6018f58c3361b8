-- One row per row that is the older of just two copies.
-- Left out: rows of batches that are hidden wholly, and identities of more than two rows.
select
    r.file_no,
    r.line_no
from query_table($rows) as r
inner join query_table($shared) as s
    on r.id_hi = s.id_hi
    and r.id_lo = s.id_lo
where
    s.n = 2
    and r.newness = s.oldest
    and not list_contains($whole::integer[], r.file_no)
