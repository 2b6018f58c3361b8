-- One row per claim row of batches that overlap others of their sender; of copies only the newest batch's.
-- Left out: the older copies of a row, equal in all values and in its occurrence within its file.
create or replace view claim_newest as
select
    f.file_no, r.line_no, r.source_lines, r.transaction_id, r.norm_id, r.key_hi, r.key_lo,
    r.campaign_id, r.pid, r.buyer, r.occurred_at, r.revenue, r.revenue_e4, r.currency, r.status,
    r.external_clickid, r.clid, r.row_hi, r.row_lo, r.extra, r.source, r.event_id, r.reason
from (
    select
        *,
        row_number() over (
            partition by batch, coalesce(row_hi, key_hi), coalesce(row_lo, key_lo) order by line_no
        ) as place
    from claim_overlapping_file
) as r
inner join batch_file as f on r.batch = f.batch
left join claim_copied as c
    on f.part = c.part
    and coalesce(r.row_hi, r.key_hi) = c.id_hi
    and coalesce(r.row_lo, r.key_lo) = c.id_lo
    and r.place = c.place
where c.newest is null or c.newest = f.newness
