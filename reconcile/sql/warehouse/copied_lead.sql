-- One row per lead that several overlapping batches hold, with the newest of them.
-- A lead whose id identifies nothing is known by its whole row. Left out: leads that only one batch holds.
select
    f.part,
    case when usable_id(r.norm_id) then r.key_hi else r.row_hi end as id_hi,
    case when usable_id(r.norm_id) then r.key_lo else r.row_lo end as id_lo,
    case when usable_id(r.norm_id) then 0 else r.place end as place,
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
