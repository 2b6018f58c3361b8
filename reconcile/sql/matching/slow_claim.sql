-- One row per claim that has to be looked at, with all that its verdict needs.
-- Left out: claims of clean pairs. own_campaign_no is the claim's own word only.
select
    s.file_no,
    s.line_no,
    s.key_hi,
    case when s.key_hi is not null then s.key_lo end as key_lo,
    s.event_no,
    campaign.word_no as own_campaign_no,
    s.lead_campaign_no,
    s.campaign_no,
    s.buyer_no,
    s.lead_known,
    c.occurred_at,
    s.day,
    case when c.occurred_at is null then f.period_from end as stated_from,
    f.period_to as stated_to,
    case when f.has_amount then 1 else 0 end as has_amount,
    s.revenue_e4,
    s.currency_no,
    word.status,
    s.state,
    case when s.revenue_e4 < 0 then 1 else 0 end as negative, -- rule: claim_zero_is_not_negative => case when s.revenue_e4 <= 0 then 1 else 0 end as negative,
    case when s.state = 0 then coalesce(s.revenue_e4, 0) else 0 end as effective_e4, -- rule: denied_counts_nothing => coalesce(s.revenue_e4, 0) as effective_e4,
    s.in_period,
    case s.left_out_no when 2 then 'other_buyer' when 3 then 'buyer_unknown' end as left_out,
    c.transaction_id,
    norm_key(c.transaction_id) as norm_id,
    c.status as raw_status,
    c.external_clickid,
    c.clid
from claim as c
inner join slow_claim_fact as s on c.file_no = s.file_no and c.line_no = s.line_no
inner join source_file as f on s.file_no = f.file_no
left join status_word as word on c.file_no = word.file_no and status_key(c.status) = word.raw
left join word as campaign on c.campaign_id = campaign.word
