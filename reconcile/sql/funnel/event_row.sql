-- One row per event row of the funnel's events and campaigns: its unit, its class and its time.
-- An event without a time of its own has that at which it was received, if $falls_back (is_late_clock).
-- Left out: events of no step, unless $all_events, rows that name another campaign, and what came after $as_of.
with named as (
    select
        e.*,
        coalesce(campaign.name, e.campaign_id) as campaign,
        coalesce(buyer.name, e.buyer, only_buyer.sold_to) as sold_to,
        coalesce(c.class_no, 99)::utinyint as class_no
    from event as e
    left join funnel_class as c on e.event_id = c.event_id
    left join funnel_name as campaign on campaign.dimension = 'campaign' and e.campaign_id = campaign.spelling
    left join funnel_name as buyer on buyer.dimension = 'buyer' and e.buyer = buyer.spelling
    left join funnel_only_buyer as only_buyer on e.key_hi = only_buyer.key_hi and e.key_lo = only_buyer.key_lo
    where c.class_no is not null or $all_events
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
    where len($campaigns) = 0 or campaign is null or list_contains($campaigns, campaign)
)

select
    case when $unit = 'transaction_id' then r.key_hi when usable_id(unit_text) then key_hi(unit_text) end as unit_hi,
    case when $unit = 'transaction_id' then r.key_lo when usable_id(unit_text) then key_lo(unit_text) end as unit_lo,
    r.class_no,
    case
        when $by_received or ($falls_back and r.occurred_at is null)
            then received_time(r.extra ->> $received, f.zone)
        else r.occurred_at
    end as t,
    $falls_back and r.occurred_at is null as is_late_clock,
    r.event_id,
    r.campaign,
    r.transaction_id,
    r.pid,
    r.sold_to as buyer,
    r.revenue,
    coalesce(r.currency, $currency, '') as currency
from united as r
left join funnel_file as f on r.file_no = f.file_no
where $as_of is null or t is null or t <= $as_of
