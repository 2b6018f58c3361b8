-- One row per event that has to be looked at, with all that its verdict needs.
-- Left out: events of clean pairs.
select
    s.file_no,
    s.line_no,
    s.key_hi,
    case when s.key_hi is not null then s.key_lo end as key_lo,
    s.event_no,
    campaign.word_no as own_campaign_no,
    s.campaign_no,
    s.buyer_no,
    s.lead_known,
    e.occurred_at,
    s.day,
    case when e.occurred_at is null then f.period_from end as stated_from,
    f.period_to as stated_to,
    s.revenue_e4,
    s.currency_no,
    case when s.revenue_e4 < 0 then 1 else 0 end as negative, -- rule: event_zero_is_not_negative => case when s.revenue_e4 <= 0 then 1 else 0 end as negative,
    s.is_conversion,
    s.in_period,
    case s.left_out_no when 1 then 'other_campaign' when 2 then 'other_buyer' end as left_out,
    e.transaction_id,
    norm_key(e.transaction_id) as norm_id,
    e.external_clickid,
    e.clid
from event as e
inner join slow_event_fact as s on e.file_no = s.file_no and e.line_no = s.line_no
inner join source_file as f on s.file_no = f.file_no
left join word as campaign on e.campaign_id = campaign.word
