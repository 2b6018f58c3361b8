-- One row per lead, its names as they are known.
-- Left out: nothing. A spelling that is no alias stands for itself; the batch keeps what the file wrote.
select t.* replace (
    coalesce(buyer.canonical, t.buyer) as buyer,
    coalesce(campaign.canonical, t.campaign_id) as campaign_id
)
from lead_told as t
left join alias_buyer as buyer on t.buyer = buyer.spelling
left join alias_campaign as campaign on t.campaign_id = campaign.spelling
