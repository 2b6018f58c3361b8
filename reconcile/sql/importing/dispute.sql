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
        when min(sub1) is distinct from max(sub1) or count(sub1) not in (0, count(*)) then 'sub1'
        when min(sub2) is distinct from max(sub2) or count(sub2) not in (0, count(*)) then 'sub2'
        when min(sub3) is distinct from max(sub3) or count(sub3) not in (0, count(*)) then 'sub3'
        when min(sub4) is distinct from max(sub4) or count(sub4) not in (0, count(*)) then 'sub4'
        when min(sub5) is distinct from max(sub5) or count(sub5) not in (0, count(*)) then 'sub5'
        when min(adv1) is distinct from max(adv1) or count(adv1) not in (0, count(*)) then 'adv1'
        when min(adv2) is distinct from max(adv2) or count(adv2) not in (0, count(*)) then 'adv2'
        when min(adv3) is distinct from max(adv3) or count(adv3) not in (0, count(*)) then 'adv3'
        when min(adv4) is distinct from max(adv4) or count(adv4) not in (0, count(*)) then 'adv4'
        when min(adv5) is distinct from max(adv5) or count(adv5) not in (0, count(*)) then 'adv5'
        when min(utm_source) is distinct from max(utm_source) or count(utm_source) not in (0, count(*)) then 'utm_source'
        when min(utm_medium) is distinct from max(utm_medium) or count(utm_medium) not in (0, count(*)) then 'utm_medium'
        when min(utm_campaign) is distinct from max(utm_campaign) or count(utm_campaign) not in (0, count(*)) then 'utm_campaign'
        when min(utm_adgroup) is distinct from max(utm_adgroup) or count(utm_adgroup) not in (0, count(*)) then 'utm_adgroup'
        when min(utm_matchtype) is distinct from max(utm_matchtype) or count(utm_matchtype) not in (0, count(*)) then 'utm_matchtype'
        when min(utm_term) is distinct from max(utm_term) or count(utm_term) not in (0, count(*)) then 'utm_term'
        when min(utm_content) is distinct from max(utm_content) or count(utm_content) not in (0, count(*)) then 'utm_content'
        when min(utm_creative) is distinct from max(utm_creative) or count(utm_creative) not in (0, count(*)) then 'utm_creative'
        when min(utm_placement) is distinct from max(utm_placement) or count(utm_placement) not in (0, count(*)) then 'utm_placement'
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
