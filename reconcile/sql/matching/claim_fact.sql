-- One row per claim of the window in the range of keys: what decides whether it is clean, as numbers.
-- Left out: claims outside the window, and undated ones whose file states no period inside it.
-- key_hi is null where the id identifies nothing; key_lo means something only beside it.
-- state: 0 counts, 1 pending, 2 denied, 3 a word that no table translates. left_out_no: 2 of another
-- buyer, 3 of none that is known, 0 of the run; its campaign is known only when its key is looked at.
with resolved as (
    select
        c.file_no,
        c.line_no,
        c.key_hi,
        c.key_lo,
        coalesce(
            event.word_no, -- rule: claim_own_event
            status_event.word_no, -- rule: claim_status_event
            $default_event_no -- rule: claim_default_event => null
        ) as event_no,
        l.campaign_no as lead_campaign_no,
        coalesce(campaign.word_no, l.campaign_no) as campaign_no, -- rule: claim_campaign_of_lead => campaign.word_no as campaign_no,
        case when l.key_hi is not null then 1 else 0 end as lead_known, -- rule: claim_lead_known => 0 as lead_known,
        coalesce(buyer.word_no, l.buyer_no) as buyer_no, -- rule: claim_buyer_of_lead => buyer.word_no as buyer_no,
        local_day(
            c.occurred_at,
            case when c.occurred_at < d.change_at then d.ahead_before else d.ahead_after end -- rule: claim_day_before_change => d.ahead_after
        ) as day,
        case when c.occurred_at is null then f.period_from end as stated_from, -- rule: claim_period_only_if_undated => f.period_from as stated_from,
        f.period_to as stated_to,
        c.revenue_e4,
        coalesce(currency.word_no, $currency_no) as currency_no, -- rule: claim_currency_default => currency.word_no as currency_no,
        case
            when c.status is not null and s.raw is null then 3 -- rule: unknown_status_is_slow
            when c.revenue_e4 < 0 then 0 -- rule: negative_always_counts
            when s.status is null then 0 -- rule: no_status_counts
            when s.status = 'approved' then 0 -- rule: approved_counts
            when s.status = 'pending' and $pending_counts then 0 -- rule: pending_counts
            when s.status = 'pending' then 1 -- rule: pending_waits
            else 2
        end as state
    from claim as c
    inner join source_file as f on c.file_no = f.file_no
    left join run_day as d on utc_day(c.occurred_at) = d.utc_day
    left join lead_fact as l on c.key_hi = l.key_hi and c.key_lo = l.key_lo
    left join status_word as s on c.file_no = s.file_no and status_key(c.status) = s.raw
    left join status_event on c.file_no = status_event.file_no and status_key(c.status) = status_event.raw
    left join word as event on c.event_id = event.word
    left join word as campaign on c.campaign_id = campaign.word
    left join word as buyer on c.buyer = buyer.word
    left join word as currency on c.currency = currency.word
    where coalesce(c.key_hi, 0) >= $key_from and coalesce(c.key_hi, 0) <= $key_to
)

select
    r.file_no,
    r.line_no,
    r.key_hi,
    r.key_lo,
    r.event_no,
    r.lead_campaign_no,
    r.campaign_no,
    r.buyer_no,
    r.currency_no,
    r.lead_known,
    r.day,
    r.revenue_e4,
    r.state,
    case
        when r.day >= $date_from and r.day < $date_to then 1 -- rule: claim_period_half_open => when r.day >= $date_from and r.day <= $date_to then 1
        when r.stated_from >= $period_from and r.stated_to <= $period_to then 1 -- rule: claim_undated_in_period
        else 0
    end as in_period,
    case
        when $by_buyer and r.buyer_no is null then 3 -- rule: claim_buyer_unknown => when 1 = 0 then null
        when $by_buyer and chosen_buyer.word_no is null then 2 -- rule: claim_buyer_filter
        else 0
    end as left_out_no
from resolved as r
left join chosen_buyer on r.buyer_no = chosen_buyer.word_no
where
    (r.day >= $window_from and r.day < $window_to) -- rule: claim_window_half_open => (r.day >= $window_from and r.day <= $window_to)
    or (r.stated_from >= $margin_from and r.stated_to <= $margin_to) -- rule: claim_undated_in_window
