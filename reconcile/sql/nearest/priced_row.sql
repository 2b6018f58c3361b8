-- One row per kind of money and time of free rows: side, event, amount, currency, and the buyer, the campaign or both.
-- Left out: rows without an amount, an event or a time, and all but the first by content of rows that agree in all.
-- Two buyers, and two campaigns, have to be the same where both are known; so rows of whatever campaign are wanted
-- only where the other side names none.
with need as (
    select
        max(case when n.campaign_no is null then 1 else 0 end) as of_any_campaign,
        max(case when n.buyer_no is null then 1 else 0 end) as of_any_buyer
    from near_row as n
    inner join near_asked as a on n.row_no = a.row_no
),

kind as (
    select *, 'both' as by_what, both_no(buyer_no, campaign_no) as what_no
    from near_row
    where buyer_no is not null or campaign_no is not null
    union all
    select n.*, 'buyer' as by_what, both_no(n.buyer_no, null) as what_no
    from near_row as n
    inner join need on need.of_any_campaign = 1
    where n.buyer_no is not null
    union all
    select n.*, 'campaign' as by_what, both_no(null, n.campaign_no) as what_no
    from near_row as n
    inner join need on need.of_any_buyer = 1
    where n.campaign_no is not null
)

select
    side,
    by_what,
    what_no,
    event_no,
    revenue_e4,
    coalesce(currency_no, 0) as currency_no,
    occurred_at,
    arg_min(row_no, content_no) as row_no
from kind
where is_free and event_no is not null and revenue_e4 is not null and occurred_at is not null
group by all
