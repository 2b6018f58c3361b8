-- One row per kind of money and time of free rows: side, event, amount, currency, and the buyer or the campaign.
-- Left out: rows without an amount, an event or a time, and all but the first by content of rows that agree in all.
with kind as (
    select *, 'buyer' as by_what, buyer_no as what_no
    from near_row
    where is_free and buyer_no is not null
    union all
    select *, 'campaign' as by_what, campaign_no as what_no
    from near_row
    where is_free and campaign_no is not null
)

select
    side,
    case side when 'event' then 'claim' else 'event' end as other_side,
    by_what,
    what_no,
    event_no,
    revenue_e4,
    coalesce(currency_no, 0) as currency_no,
    occurred_at,
    arg_min(
        row_no,
        (
            coalesce(transaction_id, ''), coalesce(campaign_no, 0), coalesce(buyer_no, 0), coalesce(status, ''),
            coalesce(external_clickid, ''), row_no
        )
    ) as row_no
from kind
where event_no is not null and revenue_e4 is not null and occurred_at is not null
group by all
