-- One row per event row that counts, of batches some of whose rows newer ones hold again.
-- Left out: older versions of a row, and rows that a newer whole delivery lacks (event_hidden).
select
    f.file_no, r.line_no, r.source_lines, r.transaction_id,
    lead_key(r.row_hi, r.key_hi) as key_hi, r.key_lo,
    r.campaign_id, r.pid, r.buyer, r.occurred_at, r.revenue, r.revenue_e4, r.currency, r.status,
    r.external_clickid, r.clid, r.row_hi, r.row_lo, r.extra, r.event_id
from event_overlapping_file as r
inner join event_newest_batch as f on r.batch = f.batch
where not exists (
    select 1
    from event_hidden as h
    where h.file_no = f.file_no and h.line_no = r.line_no
)
