-- One row per line whose id stands on several lines that cannot be added up, with the first field in
-- which they differ. Left out: lines with a fault of their own, and lines without an id.
with grouped as (
    select
        norm_id,
        case
        when min(campaign_id) is distinct from max(campaign_id) or count(campaign_id) not in (0, count(*)) then 'campaign_id'
        when min(pid) is distinct from max(pid) or count(pid) not in (0, count(*)) then 'pid'
        when min(buyer) is distinct from max(buyer) or count(buyer) not in (0, count(*)) then 'buyer'
        when min(currency) is distinct from max(currency) or count(currency) not in (0, count(*)) then 'currency'
        when min(status) is distinct from max(status) or count(status) not in (0, count(*)) then 'status'
        when min(external_clickid) is distinct from max(external_clickid) or count(external_clickid) not in (0, count(*)) then 'external_clickid'
        when min(clid) is distinct from max(clid) or count(clid) not in (0, count(*)) then 'clid'
        when min(event_id) is distinct from max(event_id) or count(event_id) not in (0, count(*)) then 'event_id'
        when min(source) is distinct from max(source) or count(source) not in (0, count(*)) then 'source'
        when min(reason) is distinct from max(reason) or count(reason) not in (0, count(*)) then 'reason'
        when count(distinct lead_texts) > 1 then 'sub1 to utm_placement'
        when min(cost) is distinct from max(cost) or count(cost) not in (0, count(*)) then 'cost'
        when min(ad_spend) is distinct from max(ad_spend) or count(ad_spend) not in (0, count(*)) then 'ad_spend'
        when count(revenue) not in (0, count(*)) then 'revenue'
        end as field
    from typed
    where fault is null and norm_id is not null
    group by norm_id
    having count(*) > 1
)

select
    typed.line_no,
    grouped.field
from typed
inner join grouped on typed.norm_id = grouped.norm_id
where typed.fault is null and grouped.field is not null
