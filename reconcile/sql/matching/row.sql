-- One row per row in scope, worded: what `rows.csv` and a stored run hold.
-- Left out: clean pairs, unless they were added to the verdicts before.
select
    v.side,
    f.file,
    v.line_no as line,
    v.transaction_id,
    event_word.word as event_id,
    v.class,
    v.reason,
    flag_list(
        case when v.day_shift = 1 then 'day_shift' end,
        case when v.id_spelling = 1 then 'id_spelling' end,
        case when v.lead_unverified = 1 then 'lead_unverified' end,
        case when v.no_lead = 1 then 'no_lead' end,
        case when v.not_conversion = 1 then 'not_conversion' end,
        case when v.other_buyer = 1 then 'other_buyer' end,
        case when v.repeated = 1 then 'repeated' end,
        case when v.undated = 1 then 'undated' end,
        case when v.unknown_event = 1 then 'unknown_event' end,
        case when v.unpriced = 1 then 'unpriced' end
    ) as flags,
    v.rule,
    v.evidence,
    partner.file as partner_file,
    v.partner_line_no as partner_line,
    currency.word as currency,
    money_of(v.bridge_e4) as bridge,
    buyer.word as buyer,
    campaign.word as campaign_id,
    v.day,
    v.occurred_at,
    money_of(v.revenue_e4) as revenue,
    v.status,
    f.batch,
    partner.batch as partner_batch,
    rival.file as rival_file,
    v.rival_line_no as rival_line,
    v.shared
from verdict as v
inner join source_file as f on v.file_no = f.file_no
left join source_file as partner on v.partner_file_no = partner.file_no
left join source_file as rival on v.rival_file_no = rival.file_no
left join word as event_word on v.event_no = event_word.word_no
left join word as currency on v.currency_no = currency.word_no
left join word as buyer on v.buyer_no = buyer.word_no
left join word as campaign on v.campaign_no = campaign.word_no
