-- One row per stored lead of the affected ids, and per stored lead whose id names none; what no verdict reads is
-- null, because reading it would take most of the time. Left out: all others, whose verdicts stay.
select
    r.batch, r.line_no, null::varchar as source_lines, r.transaction_id,
    lead_key(r.row_hi, r.key_hi) as key_hi, r.key_lo, r.campaign_id,
    null::varchar as pid, r.buyer, r.occurred_at, null::decimal(18, 4) as revenue, r.revenue_e4,
    r.currency, r.status, r.external_clickid, r.clid, r.row_hi, r.row_lo,
    null::varchar as extra, null::decimal(18, 4) as cost, null::decimal(18, 4) as ad_spend,
    null::varchar as sub1, null::varchar as sub2, null::varchar as sub3, null::varchar as sub4,
    null::varchar as sub5, null::varchar as adv1, null::varchar as adv2, null::varchar as adv3,
    null::varchar as adv4, null::varchar as adv5, null::varchar as utm_source,
    null::varchar as utm_medium, null::varchar as utm_campaign, null::varchar as utm_adgroup,
    null::varchar as utm_matchtype, null::varchar as utm_term, null::varchar as utm_content,
    null::varchar as utm_creative, null::varchar as utm_placement
from lead_stored as r
left join affected_id as a on r.key_hi = a.key_hi and r.key_lo = a.key_lo
where a.key_hi is not null or lead_key(r.row_hi, r.key_hi) is null
