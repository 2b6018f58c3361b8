-- One row per lead of the affected ids, and per lead whose id identifies nothing; of its columns those that a
-- verdict reads. Left out: all others, whose verdicts stay.
select
    r.file_no,
    r.line_no,
    r.source_lines,
    r.transaction_id,
    r.norm_id,
    r.key_hi,
    r.key_lo,
    r.campaign_id,
    r.pid,
    r.buyer,
    r.occurred_at,
    r.revenue,
    r.revenue_e4,
    r.currency,
    r.status,
    r.external_clickid,
    r.clid,
    r.extra
from lead as r
left join affected_id as a on r.key_hi = a.key_hi and r.key_lo = a.key_lo
where a.key_hi is not null or not usable_id(r.norm_id)
