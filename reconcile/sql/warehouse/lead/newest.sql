-- One row per lead row of batches that overlap others of their sender; of each lead only the newest batch's.
-- Left out: what an older batch says of a lead that a newer one has, and copies of rows without an id.
create or replace view lead_newest as
select
    f.file_no, r.line_no, r.source_lines, r.transaction_id, r.norm_id, r.key_hi, r.key_lo,
    r.campaign_id, r.pid, r.buyer, r.occurred_at, r.revenue, r.revenue_e4, r.currency, r.status,
    r.external_clickid, r.clid, r.row_hi, r.row_lo, r.extra, r.cost, r.ad_spend, r.sub1,
    r.sub2, r.sub3, r.sub4, r.sub5, r.adv1, r.adv2, r.adv3, r.adv4, r.adv5, r.utm_source,
    r.utm_medium, r.utm_campaign, r.utm_adgroup, r.utm_matchtype, r.utm_term, r.utm_content,
    r.utm_creative, r.utm_placement
from (
    select
        *,
        row_number() over (
            partition by batch, coalesce(row_hi, key_hi), coalesce(row_lo, key_lo) order by line_no
        ) as place
    from lead_overlapping_file
) as r
inner join batch_file as f on r.batch = f.batch
left join lead_copied as c
    on f.part = c.part
    and case when usable_id(r.norm_id) then r.key_hi else r.row_hi end = c.id_hi
    and case when usable_id(r.norm_id) then r.key_lo else r.row_lo end = c.id_lo
    and case when usable_id(r.norm_id) then 0 else r.place end = c.place
where c.newest is null or c.newest = f.newness
