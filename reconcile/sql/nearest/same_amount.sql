-- One row per left-over row and the free row of the other side just before or after it in time, of the same
-- event, amount and currency, and of the same buyer or campaign.
-- Left out: rows more than a week apart.
with asked as (
    select p.*, a.row_no as asked_no
    from near_row as n
    inner join near_asked as a on n.row_no = a.row_no
    inner join priced_row as p
        on
            n.side = p.side
            and n.event_no = p.event_no
            and n.revenue_e4 = p.revenue_e4
            and coalesce(n.currency_no, 0) = p.currency_no
            and n.occurred_at = p.occurred_at
            and case p.by_what when 'buyer' then n.buyer_no else n.campaign_no end = p.what_no
)

select
    a.asked_no,
    o.row_no as other_no,
    5 as found_no
from asked as a
asof join priced_row as o
    on
        a.other_side = o.side
        and a.by_what = o.by_what
        and a.what_no = o.what_no
        and a.event_no = o.event_no
        and a.revenue_e4 = o.revenue_e4
        and a.currency_no = o.currency_no
        and a.occurred_at >= o.occurred_at
where epoch_us(a.occurred_at) - epoch_us(o.occurred_at) <= $far_us
union all
select
    a.asked_no,
    o.row_no as other_no,
    5 as found_no
from asked as a
asof join priced_row as o
    on
        a.other_side = o.side
        and a.by_what = o.by_what
        and a.what_no = o.what_no
        and a.event_no = o.event_no
        and a.revenue_e4 = o.revenue_e4
        and a.currency_no = o.currency_no
        and a.occurred_at <= o.occurred_at
where epoch_us(o.occurred_at) - epoch_us(a.occurred_at) <= $far_us
