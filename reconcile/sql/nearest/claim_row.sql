-- One row per claim of the ids with left-overs: what it says, which event it has taken, and whether the run
-- has it. Left out: claims of other ids.
-- is_free: it is in the run and found no partner. left_out: why it could be nobody's partner.
with taken as (
    select c.file_no, c.line_no, e.file_no as taken_file_no, e.line_no as taken_line_no, p.rule as taken_rule
    from pair as p
    inner join event_run as e on p.event_order = e.event_order
    inner join claim_run as c on p.claim_order = c.claim_order
    union all
    select c.file_no, c.line_no, e.file_no as taken_file_no, e.line_no as taken_line_no, k.rule as taken_rule
    from clean_pair as k
    inner join event_fact as e on k.key_hi = e.key_hi and k.key_lo = e.key_lo and k.event_no = e.event_no
    inner join claim_fact as c on k.key_hi = c.key_hi and k.key_lo = c.key_lo and k.event_no = c.event_no
)

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
    t.taken_file_no,
    t.taken_line_no,
    t.taken_rule,
    case
        when t.taken_line_no is not null then null
        when f.line_no is null and c.occurred_at is null then 'no_time'
        when f.line_no is null then 'outside_window'
        when r.line_no is null then 'not_in_run'
    end as left_out,
    r.line_no is not null and t.taken_line_no is null as is_free
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
left join taken as t on c.file_no = t.file_no and c.line_no = t.line_no
