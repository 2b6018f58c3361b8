-- One row per lead row that counts, of batches some of whose rows newer ones hold again.
-- Left out: older versions of a row, and rows that a newer whole delivery lacks (lead_hidden).
select
    f.file_no, r.line_no, r.source_lines, r.transaction_id,
    lead_key(r.row_hi, r.key_hi) as key_hi, r.key_lo,
    r.campaign_id, r.pid, r.buyer, r.occurred_at, r.revenue, r.revenue_e4, r.currency, r.status,
    r.external_clickid, r.clid, r.row_hi, r.row_lo, r.extra, r.cost, r.ad_spend, r.sub1,
    r.sub2, r.sub3, r.sub4, r.sub5, r.adv1, r.adv2, r.adv3, r.adv4, r.adv5, r.utm_source,
    r.utm_medium, r.utm_campaign, r.utm_adgroup, r.utm_matchtype, r.utm_term, r.utm_content,
    r.utm_creative, r.utm_placement
from lead_overlapping_file as r
inner join lead_newest_batch as f on r.batch = f.batch
where not exists (
    select 1
    from lead_hidden as h
    where h.file_no = f.file_no and h.line_no = r.line_no
)
