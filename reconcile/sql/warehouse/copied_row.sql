-- One row per event or claim row that several overlapping batches hold, with the newest of them.
-- Left out: rows that only one batch holds.
select
    f.part,
    coalesce(r.row_hi, r.key_hi) as id_hi,
    coalesce(r.row_lo, r.key_lo) as id_lo,
    r.place,
    max(f.newness) as newest
from (
    select
        batch, norm_id, key_hi, key_lo, row_hi, row_lo,
        row_number() over (
            partition by batch, coalesce(row_hi, key_hi), coalesce(row_lo, key_lo) order by line_no
        ) as place
    from query_table($stored)
) as r
inner join batch_file as f on r.batch = f.batch
group by all
having min(f.newness) < max(f.newness)
