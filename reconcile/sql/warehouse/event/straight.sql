-- One row per event row of the batches that overlap no other: nothing to choose, nothing left out.
select
    f.file_no, r.line_no, r.source_lines, r.transaction_id,
    lead_key(r.row_hi, r.key_hi) as key_hi, r.key_lo,
    r.campaign_id, r.pid, r.buyer, r.occurred_at, r.revenue, r.revenue_e4, r.currency, r.status,
    r.external_clickid, r.clid, r.row_hi, r.row_lo, r.extra, r.event_id
from event_file as r
inner join event_straight_batch as f on r.batch = f.batch
