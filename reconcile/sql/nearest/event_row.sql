-- One row per event of the ids with left-overs: what it says, which claim has taken it, and whether the run
-- has it. Left out: events of other ids.
-- is_free: it is in the run and found no partner. left_out: why it could be nobody's partner.
with taken as (
    select e.file_no, e.line_no, c.file_no as taken_file_no, c.line_no as taken_line_no, p.rule as taken_rule
    from pair as p
    inner join event_run as e on p.event_order = e.event_order
    inner join claim_run as c on p.claim_order = c.claim_order
    union all
    select e.file_no, e.line_no, c.file_no as taken_file_no, c.line_no as taken_line_no, k.rule as taken_rule
    from clean_pair as k
    inner join event_fact as e on k.key_hi = e.key_hi and k.key_lo = e.key_lo and k.event_no = e.event_no
    inner join claim_fact as c on k.key_hi = c.key_hi and k.key_lo = c.key_lo and k.event_no = c.event_no
)

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
    t.taken_file_no,
    t.taken_line_no,
    t.taken_rule,
    case
        when t.taken_line_no is not null then null
        when f.line_no is null and e.occurred_at is null then 'no_time'
        when f.line_no is null then 'outside_window'
        when r.line_no is null then 'not_in_run'
        when r.is_conversion = 0 then 'not_conversion'
    end as left_out,
    r.line_no is not null and t.taken_line_no is null and r.is_conversion = 1 as is_free
from event as e
left join lead_fact as l on e.key_hi = l.key_hi and e.key_lo = l.key_lo
left join word as event on e.event_id = event.word
left join word as campaign on e.campaign_id = campaign.word
left join word as buyer on e.buyer = buyer.word
left join word as currency on e.currency = currency.word
left join event_fact as f on e.file_no = f.file_no and e.line_no = f.line_no
left join event_run as r on e.file_no = r.file_no and e.line_no = r.line_no
left join taken as t on e.file_no = t.file_no and e.line_no = t.line_no
