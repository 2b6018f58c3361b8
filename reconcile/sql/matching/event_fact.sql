-- One row per event of the window: its key, its lead's facts, its local day, what the run makes of it.
-- Left out: events outside the window, and undated ones whose file states no period inside it.
with resolved as (
    select
        e.file_no,
        e.line_no,
        case when usable_id(e.norm_id) then e.key_hi end as key_hi, -- rule: event_placeholder => e.key_hi,
        case when usable_id(e.norm_id) then e.key_lo end as key_lo,
        event.word_no as event_no,
        campaign.word_no as own_campaign_no,
        coalesce(campaign.word_no, l.campaign_no) as campaign_no, -- rule: event_campaign_of_lead => campaign.word_no as campaign_no,
        coalesce(buyer.word_no, l.buyer_no) as buyer_no, -- rule: event_buyer_of_lead => buyer.word_no as buyer_no,
        case when l.key_hi is not null then 1 else 0 end as lead_known, -- rule: event_lead_known => 0 as lead_known,
        e.occurred_at,
        local_day(
            e.occurred_at,
            case when e.occurred_at < d.change_at then d.offset_before else d.offset_after end -- rule: event_day_before_change => d.offset_after
        ) as day,
        case when e.occurred_at is null then f.period_from end as stated_from, -- rule: event_period_only_if_undated => f.period_from as stated_from,
        f.period_to as stated_to,
        e.revenue_e4,
        coalesce(currency.word_no, $currency_no) as currency_no -- rule: event_currency_default => currency.word_no as currency_no
    from event as e
    inner join source_file as f on e.file_no = f.file_no
    left join run_day as d on utc_day(e.occurred_at) = d.utc_day
    left join lead_fact as l on e.key_hi = l.key_hi and e.key_lo = l.key_lo
    left join word as event on e.event_id = event.word
    left join word as campaign on e.campaign_id = campaign.word
    left join word as buyer on e.buyer = buyer.word
    left join word as currency on e.currency = currency.word
)

select
    r.*,
    case when r.revenue_e4 < 0 then 1 else 0 end as negative, -- rule: event_zero_is_not_negative => case when r.revenue_e4 <= 0 then 1 else 0 end as negative,
    case
        when s.is_conversion is not null then s.is_conversion -- rule: conversion_by_setting
        when r.revenue_e4 <> 0 then 1 -- rule: conversion_by_revenue => when 1 = 1 then 1
        else 0
    end as is_conversion,
    case
        when r.day >= $date_from and r.day < $date_to then 1 -- rule: event_period_half_open => when r.day >= $date_from and r.day <= $date_to then 1
        when r.stated_from >= $period_from and r.stated_to <= $period_to then 1 -- rule: event_undated_in_period
        else 0
    end as in_period,
    case
        when $by_campaign and chosen_campaign.word_no is null then 'other_campaign' -- rule: event_campaign_filter
        when $by_buyer and r.buyer_no is not null and chosen_buyer.word_no is null then 'other_buyer' -- rule: event_buyer_filter
    end as left_out
from resolved as r
left join setting as s on r.campaign_no = s.campaign_no and r.event_no = s.event_no
left join chosen_campaign on r.campaign_no = chosen_campaign.word_no
left join chosen_buyer on r.buyer_no = chosen_buyer.word_no
where
    (r.day >= $window_from and r.day < $window_to) -- rule: event_window_half_open => (r.day >= $window_from and r.day <= $window_to)
    or (r.stated_from >= $margin_from and r.stated_to <= $margin_to) -- rule: event_undated_in_window
