-- One row per event of the ids with left-overs: what it says, which claim has taken it, and whether the run
-- has it. Left out: events of other ids.
-- is_free: it is in the run and found no partner. left_out: why it could be nobody's partner.
select
    'event' as side,
    row_no(e.file_no, e.line_no) as row_no,
    e.file_no,
    e.line_no,
    e.key_hi,
    case when e.key_hi is not null then e.key_lo end as key_lo,
    norm_key(e.transaction_id) as norm_id,
    e.transaction_id,
    event.word_no as event_no,
    coalesce(campaign.word_no, l.campaign_no) as campaign_no,
    coalesce(buyer.word_no, l.buyer_no) as buyer_no,
    coalesce(currency.word_no, $currency_no) as currency_no,
    e.revenue_e4,
    e.occurred_at,
    coalesce(f.day, utc_day(e.occurred_at)) as day,
    nullif(trim(e.external_clickid), '') as external_clickid,
    cast(null as varchar) as status,
    cast(null as varchar) as meaning,
    l.key_hi is not null as lead_known,
    t.claim_file_no as taken_file_no,
    t.claim_line_no as taken_line_no,
    t.rule as taken_rule,
    case
        when t.claim_line_no is not null then null
        when f.line_no is null and e.occurred_at is null then 'no_time'
        when f.line_no is null then 'outside_window'
        when r.line_no is null then 'not_in_run'
        when r.is_conversion = 0 then 'not_conversion'
    end as left_out,
    r.line_no is not null and t.claim_line_no is null and r.is_conversion = 1 as is_free
from event as e
left join lead_fact as l on e.key_hi = l.key_hi and e.key_lo = l.key_lo
left join word as event on e.event_id = event.word
left join word as campaign on e.campaign_id = campaign.word
left join word as buyer on e.buyer = buyer.word
left join word as currency on e.currency = currency.word
left join event_fact as f on e.file_no = f.file_no and e.line_no = f.line_no
left join event_run as r on e.file_no = r.file_no and e.line_no = r.line_no
left join near_taken as t on e.file_no = t.event_file_no and e.line_no = t.event_line_no
