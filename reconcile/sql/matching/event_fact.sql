-- One row per event of the window in the range of keys: what decides whether it is clean, as numbers.
-- Left out: events outside the window, and undated ones whose file states no period inside it.
-- key_hi is null where the id identifies nothing; key_lo means something only beside it.
-- left_out_no: 1 of another campaign, 2 of another buyer, 0 of the run.
with resolved as (
    select
        e.file_no,
        e.line_no,
        e.key_hi,
        e.key_lo,
        event.word_no as event_no,
        coalesce(campaign.word_no, l.campaign_no) as campaign_no, -- rule: event_campaign_of_lead => campaign.word_no as campaign_no,
        case when l.key_hi is not null then 1 else 0 end as lead_known, -- rule: event_lead_known => 0 as lead_known,
        coalesce(buyer.word_no, l.buyer_no) as buyer_no, -- rule: event_buyer_of_lead => buyer.word_no as buyer_no,
        local_day(
            e.occurred_at,
            case when e.occurred_at < d.change_at then d.ahead_before else d.ahead_after end -- rule: event_day_before_change => d.ahead_after
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
    where coalesce(e.key_hi, 0) >= $key_from and coalesce(e.key_hi, 0) <= $key_to
)

select
    r.file_no,
    r.line_no,
    r.key_hi,
    r.key_lo,
    r.event_no,
    r.campaign_no,
    r.buyer_no,
    r.currency_no,
    r.lead_known,
    r.day,
    r.revenue_e4,
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
        when $by_campaign and chosen_campaign.word_no is null then 1 -- rule: event_campaign_filter
        when $by_buyer and r.buyer_no is not null and chosen_buyer.word_no is null then 2 -- rule: event_buyer_filter
        else 0
    end as left_out_no
from resolved as r
left join setting as s on r.campaign_no = s.campaign_no and r.event_no = s.event_no
left join chosen_campaign on r.campaign_no = chosen_campaign.word_no
left join chosen_buyer on r.buyer_no = chosen_buyer.word_no
where
    (r.day >= $window_from and r.day < $window_to) -- rule: event_window_half_open => (r.day >= $window_from and r.day <= $window_to)
    or (r.stated_from >= $margin_from and r.stated_to <= $margin_to) -- rule: event_undated_in_window
