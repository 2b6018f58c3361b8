-- One row per lead row that counts, with what makes it one lead (unit_hi, unit_lo) and its attributes.
-- Left out: nothing; rows of other campaigns, without a time or a usable id are marked by null or false.
-- Of the attributes only those named in $attributes are read: most exports fill few.
with named as (
    select
        l.*,
        coalesce(campaign.name, l.campaign_id) as campaign,
        coalesce(buyer.name, l.buyer) as sold_to,
        coalesce(word.is_denied, false) as is_denied
    from lead as l
    left join funnel_name as campaign on campaign.dimension = 'campaign' and l.campaign_id = campaign.spelling
    left join funnel_name as buyer on buyer.dimension = 'buyer' and l.buyer = buyer.spelling
    left join funnel_status as word on status_key(l.status) = word.word
),

united as (
    select
        *,
        case $unit
            when 'external_clickid' then norm_key(external_clickid)
            when 'clid' then norm_key(clid)
            when 'transaction_id+buyer'
                then case when key_hi is not null then norm_key(transaction_id) || ' of ' || coalesce(sold_to, '') end
            when 'column' then norm_key(extra ->> $unit_column)
        end as unit_text
    from named
)

select
    row_number() over ()::integer as n,
    case when $unit = 'transaction_id' then key_hi when usable_id(unit_text) then key_hi(unit_text) end as unit_hi,
    case when $unit = 'transaction_id' then key_lo when usable_id(unit_text) then key_lo(unit_text) end as unit_lo,
    occurred_at,
    len($campaigns) = 0 or coalesce(list_contains($campaigns, campaign), false) as in_scope,
    transaction_id,
    campaign as campaign_id,
    pid,
    sold_to as buyer,
    is_denied,
    revenue,
    cost,
    ad_spend,
    coalesce(currency, $currency, '') as currency,
    columns(lambda name: list_contains($attributes, name))
from united
