-- One row per missing event of a stored run: what a postback for it would say, and what is known of its lead.
-- Left out: other classes. A fact of the lead counts only where all its rows agree, blanks aside.
-- claim_key: the claim's time and its place (claim_place), the same in a corrected report.
-- seen_before: exported events that `verify` could take for ours; seen_anywhere: in any campaign.
with lead_known as (
    select
        key_hi,
        key_lo,
        min(transaction_id) as transaction_id,
        case when min(pid) = max(pid) then min(pid) end as pid,
        case when min(clid) = max(clid) then min(clid) end as clid
    from lead
    where key_hi is not null
    group by key_hi, key_lo
),

event_seen as (
    select
        m.batch,
        m.line,
        cast(count(*) as bigint) as anywhere,
        cast(
            count(case when coalesce(e.campaign_id, m.campaign_id) = m.campaign_id then 1 end) as bigint
        ) as here
    from missing_claim as m
    inner join event as e on m.key_hi = e.key_hi and m.key_lo = e.key_lo and m.event_id = e.event_id
    group by m.batch, m.line
),

campaign_currency as (
    select campaign_id, min(currency) as currency
    from event
    group by campaign_id
    having min(currency) = max(currency)
)

select
    r.side || ':' || r.batch || ':' || r.line as finding_ref,
    r.campaign_id,
    r.event_id,
    coalesce(l.transaction_id, r.transaction_id) as transaction_id,
    r.revenue,
    r.occurred_at,
    l.pid,
    l.clid,
    r.currency,
    r.buyer,
    r.file as claim_file,
    r.line as claim_line,
    coalesce(epoch_us(r.occurred_at) || '#' || c.place, '') as claim_key,
    l.key_hi is not null as lead_known,
    coalesce(e.here, 0) as seen_before,
    coalesce(e.anywhere, 0) as seen_anywhere,
    coalesce(r.revenue <> 0 and r.currency <> campaign_currency.currency, false) as other_currency,
    coalesce(s.allows_duplicates, 'unknown') as allows_repeat,
    coalesce(s.is_conversion, 'unknown') as is_conversion,
    s.campaign_id is null and configured.campaign_id is not null as not_configured
from missing_claim as r
inner join source_file as f on r.batch = f.batch
left join claim_place as c on f.file_no = c.file_no and r.line = c.line_no
left join lead_known as l on r.key_hi = l.key_hi and r.key_lo = l.key_lo
left join event_seen as e on r.batch = e.batch and r.line = e.line
left join campaign_currency on r.campaign_id = campaign_currency.campaign_id
left join named_setting as s on r.campaign_id = s.campaign_id and r.event_id = s.event_id
left join (select distinct campaign_id from named_setting) as configured on r.campaign_id = configured.campaign_id
order by r.file, r.line
