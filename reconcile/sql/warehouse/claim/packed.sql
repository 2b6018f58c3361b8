-- Writes the claim rows of several batches into one file, batch by batch, as format 2 has them: the key of
-- the whole row only where the id names no lead. Left out: rows of other batches in the same files.
copy (
    select
        r.batch, r.file, r.line_no, r.source_lines, r.transaction_id, r.norm_id, r.key_hi, r.key_lo,
        r.campaign_id, r.pid, r.buyer, r.occurred_at, r.revenue, r.revenue_e4, r.currency, r.status,
        r.external_clickid, r.clid,
        case when usable_id(r.norm_id) then null else r.row_hi end as row_hi,
        case when usable_id(r.norm_id) then null else r.row_lo end as row_lo,
        r.extra, r.source, r.event_id, r.reason
    from pack_source as r
    inner join pack_place as p on r.batch = p.batch
    order by p.place, r.line_no
) to $path (format parquet, compression zstd)
