-- One row per lead row of the batches that overlap no other: nothing to choose, nothing left out.
select
    f.file_no, r.line_no, r.source_lines, r.transaction_id,
    lead_key(r.row_hi, r.key_hi) as key_hi, r.key_lo,
    r.campaign_id, r.pid, r.buyer, r.occurred_at, r.revenue, r.revenue_e4, r.currency, r.status,
    r.external_clickid, r.clid, r.row_hi, r.row_lo, r.extra, r.cost, r.ad_spend, r.sub1,
    r.sub2, r.sub3, r.sub4, r.sub5, r.adv1, r.adv2, r.adv3, r.adv4, r.adv5, r.utm_source,
    r.utm_medium, r.utm_campaign, r.utm_adgroup, r.utm_matchtype, r.utm_term, r.utm_content,
    r.utm_creative, r.utm_placement
from lead_file as r
inner join lead_straight_batch as f on r.batch = f.batch
