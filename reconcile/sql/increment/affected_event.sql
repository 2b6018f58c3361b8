-- One row per stored event of the affected ids, and per stored event whose id names no lead; what no verdict reads is
-- null, because reading it would take most of the time. Left out: all others, whose verdicts stay.
select
    r.batch, r.line_no, null::varchar as source_lines, r.transaction_id,
    lead_key(r.row_hi, r.key_hi) as key_hi, r.key_lo, r.campaign_id,
    null::varchar as pid, r.buyer, r.occurred_at, null::decimal(18, 4) as revenue, r.revenue_e4,
    r.currency, r.status, r.external_clickid, r.clid, r.row_hi, r.row_lo,
    null::varchar as extra, r.event_id
from event_stored as r
left join affected_id as a on r.key_hi = a.key_hi and r.key_lo = a.key_lo
where a.key_hi is not null or lead_key(r.row_hi, r.key_hi) is null
