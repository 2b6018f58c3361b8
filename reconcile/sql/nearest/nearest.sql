-- One row per left-over row and candidate on the other side, by the places of both: what a run keeps.
-- Left out: left-over rows to which nothing is near, and those of other parts than $part of $parts.
-- Memory: what is held while all rows pass by is the rows of one part, which are few.
with asked as (
    select
        r.*, a.file_no, a.line_no, a.transaction_id, a.norm_id, a.event_no, a.buyer_no, a.campaign_no,
        a.currency_no, a.revenue_e4
    from near_row as a
    inner join near_ranked as r on a.row_no = r.asked_no
    where r.asked_no % $parts = $part
)

select
    r.side,
    af.file,
    af.batch,
    r.line_no as line,
    cast(r.place as integer) as place,
    cast(r.found as integer) as found,
    case r.found_no
        when 0 then 'same_lead' when 1 then 'similar_id' when 2 then 'rule_choice' when 3 then 'external_id'
        when 4 then 'one_edit' when 5 then 'same_amount' else 'crowded'
    end as found_by,
    case when r.found_no < 9 then cast(r.points as integer) end as points,
    flag_list(
        case when r.found_no between 1 and 5 then 'id' end,
        case when r.other_event or r.one_event then 'event' end,
        case when r.other_buyer then 'buyer' end,
        case when r.other_campaign then 'campaign' end,
        case when r.other_amount or r.one_amount then 'amount' end,
        case when r.other_currency then 'currency' end,
        case when r.time_apart_us <> 0 then 'time' end,
        case when r.two_leads then 'two_leads' end,
        case when r.is_taken then 'taken' end,
        o.left_out
    ) as differs,
    money_of(r.amount_apart_e4) as amount_apart,
    r.time_apart_us,
    shown_id(r.transaction_id, r.norm_id) as own_id,
    own_event.word as own_event,
    own_buyer.word as own_buyer,
    own_campaign.word as own_campaign,
    own_currency.word as own_currency,
    money_of(r.revenue_e4) as own_revenue,
    of.file as near_file,
    of.batch as near_batch,
    o.line_no as near_line,
    o.transaction_id as near_transaction_id,
    shown_id(o.transaction_id, o.norm_id) as near_id,
    event.word as near_event_id,
    buyer.word as near_buyer,
    campaign.word as near_campaign_id,
    currency.word as near_currency,
    money_of(o.revenue_e4) as near_revenue,
    o.occurred_at as near_occurred_at,
    o.day as near_day,
    o.status as near_status,
    o.meaning as near_meaning,
    o.left_out as near_left_out,
    taken.file as taken_file,
    taken.batch as taken_batch,
    o.taken_line_no as taken_line,
    o.taken_rule
from near_row as o
right join asked as r on o.row_no = r.other_no
inner join source_file as af on r.file_no = af.file_no
left join source_file as of on o.file_no = of.file_no
left join source_file as taken on o.taken_file_no = taken.file_no
left join word as own_event on r.event_no = own_event.word_no
left join word as own_buyer on r.buyer_no = own_buyer.word_no
left join word as own_campaign on r.campaign_no = own_campaign.word_no
left join word as own_currency on r.currency_no = own_currency.word_no
left join word as event on o.event_no = event.word_no
left join word as buyer on o.buyer_no = buyer.word_no
left join word as campaign on o.campaign_no = campaign.word_no
left join word as currency on o.currency_no = currency.word_no
