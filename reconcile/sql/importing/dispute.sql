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
            when count(distinct [
                    sub1, sub2, sub3, sub4, sub5, adv1, adv2, adv3, adv4, adv5, utm_source, utm_medium,
                    utm_campaign, utm_adgroup, utm_matchtype, utm_term, utm_content, utm_creative, utm_placement
                ]) > 1 then 'sub1 to utm_placement'
            when differs(cost) then 'cost'
            when differs(ad_spend) then 'ad_spend'
            when count(revenue) not in (0, count(*)) then 'revenue'
        end as field
    from typed_line
    where fault is null and norm_id is not null
    group by norm_id
    having count(*) > 1
)

select
    typed_line.line_no,
    grouped.field
from typed_line
inner join grouped on typed_line.norm_id = grouped.norm_id
where typed_line.fault is null and grouped.field is not null
