-- One row per lead row of batches that overlap others: what makes two rows one lead, and its content.
-- Left out: nothing. Known by its id; where that names no lead, by the whole row.
select
    file_no,
    newness,
    line_no,
    case when bare then row_hi else key_hi end as id_hi,
    xor(
        case when bare then row_lo else key_lo end::ubigint,
        hash(part)
    ) as id_lo,
    not bare as by_lead,
    occurred_at,
    revenue_e4,
    currency,
    status
from (
    select r.*, f.file_no, f.part, f.newness, lead_key(r.row_hi, r.key_hi) is null as bare
    from lead_overlapping_file as r
    inner join batch_file as f on r.batch = f.batch
    where f.part is not null
)
