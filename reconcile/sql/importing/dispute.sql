-- One row per line whose id stands on several lines that cannot be added up, with the first field in
-- which they differ. Left out: lines with a fault of their own, and lines without an id.
with grouped as (
    select
        norm_id,
        case
            when differs(campaign_id) then 'campaign_id'
            when differs(pid) then 'pid'
            when differs(buyer) then 'buyer'
            when differs(currency) then 'currency'
            when differs(status) then 'status'
            when differs(external_clickid) then 'external_clickid'
            when differs(clid) then 'clid'
            when differs(event_id) then 'event_id'
            when differs(source) then 'source'
            when differs(reason) then 'reason'
            when count(distinct lead_texts) > 1 then 'sub1 to utm_placement'
            when differs(cost) then 'cost'
            when differs(ad_spend) then 'ad_spend'
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
