-- Writes the event rows of several batches into one file, batch by batch, in the newest format: a lead's key only
-- where the id names one, else the key of the whole row. Left out: rows of other batches in the same files.
copy (
    select
        r.batch, r.file, r.line_no, r.source_lines, r.transaction_id,
        lead_key(r.row_hi, r.key_hi) as key_hi, r.key_lo,
        r.campaign_id, r.pid, r.buyer, r.occurred_at, r.revenue, r.revenue_e4, r.currency, r.status,
        r.external_clickid, r.clid,
        case when lead_key(r.row_hi, r.key_hi) is null then r.row_hi end as row_hi,
        case when lead_key(r.row_hi, r.key_hi) is null then r.row_lo end as row_lo,
        r.extra, r.event_id
    from pack_source as r
    inner join pack_place as p on r.batch = p.batch
    order by p.place, r.line_no
) to $path (format parquet, compression zstd)
