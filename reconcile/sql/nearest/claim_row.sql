-- One row per claim of the ids with left-overs: what it says, which event it has taken, and whether the run
-- has it. Left out: claims of other ids.
-- is_free: it is in the run and found no partner. left_out: why it could be nobody's partner.
select
    'claim' as side,
    row_no(c.file_no, c.line_no) as row_no,
    c.file_no,
    c.line_no,
    c.key_hi,
    case when c.key_hi is not null then c.key_lo end as key_lo,
    norm_key(c.transaction_id) as norm_id,
    c.transaction_id,
    coalesce(event.word_no, status_event.word_no, $default_event_no) as event_no,
    coalesce(campaign.word_no, l.campaign_no) as campaign_no,
    coalesce(buyer.word_no, l.buyer_no) as buyer_no,
    coalesce(currency.word_no, $currency_no) as currency_no,
    c.revenue_e4,
    c.occurred_at,
    coalesce(f.day, utc_day(c.occurred_at)) as day,
    nullif(trim(c.external_clickid), '') as external_clickid,
    c.status,
    s.status as meaning,
    l.key_hi is not null as lead_known,
    t.event_file_no as taken_file_no,
    t.event_line_no as taken_line_no,
    t.rule as taken_rule,
    case
        when t.event_line_no is not null then null
        when f.line_no is null and c.occurred_at is null then 'no_time'
        when f.line_no is null then 'outside_window'
        when r.line_no is null then 'not_in_run'
    end as left_out,
    r.line_no is not null and t.event_line_no is null as is_free
from claim as c
left join lead_fact as l on c.key_hi = l.key_hi and c.key_lo = l.key_lo
left join status_word as s on c.file_no = s.file_no and status_key(c.status) = s.raw
left join status_event on c.file_no = status_event.file_no and status_key(c.status) = status_event.raw
left join word as event on c.event_id = event.word
left join word as campaign on c.campaign_id = campaign.word
left join word as buyer on c.buyer = buyer.word
left join word as currency on c.currency = currency.word
left join claim_fact as f on c.file_no = f.file_no and c.line_no = f.line_no
left join claim_run as r on c.file_no = r.file_no and c.line_no = r.line_no
left join near_taken as t on c.file_no = t.claim_file_no and c.line_no = t.claim_line_no
