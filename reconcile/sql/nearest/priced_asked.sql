-- One row per left-over row, and kind of money that a row of the other side would have to be of.
-- Left out: rows without an amount, an event or a time, and kinds of which there is no row.
with asked as (
    select
        n.row_no as asked_no,
        case n.side when 'event' then 'claim' else 'event' end as side,
        n.buyer_no,
        n.campaign_no,
        n.event_no,
        n.revenue_e4,
        coalesce(n.currency_no, 0) as currency_no,
        n.occurred_at
    from near_row as n
    inner join near_asked as a on n.row_no = a.row_no
    where n.event_no is not null and n.revenue_e4 is not null and n.occurred_at is not null
),

wanted as (
    select *, 'both' as by_what, both_no(buyer_no, campaign_no) as what_no
    from asked
    where buyer_no is not null and campaign_no is not null
    union all
    select
        *,
        case when campaign_no is null then 'buyer' else 'both' end as by_what,
        both_no(buyer_no, null) as what_no
    from asked
    where buyer_no is not null
    union all
    select
        *,
        case when buyer_no is null then 'campaign' else 'both' end as by_what,
        both_no(null, campaign_no) as what_no
    from asked
    where campaign_no is not null
),

there as (
    select distinct side, by_what, what_no
    from priced_row
)

select wanted.*
from wanted
inner join there on wanted.side = there.side and wanted.by_what = there.by_what and wanted.what_no = there.what_no
