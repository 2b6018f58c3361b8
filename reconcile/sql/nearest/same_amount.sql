-- One row per left-over row and the free row of the other side just before or after it in time, of the same
-- event, amount and currency, and of the same buyer and campaign where both rows name one.
-- Left out: rows more than a week apart.
select
    a.asked_no,
    o.row_no as other_no,
    5 as found_no
from priced_asked as a
asof join priced_row as o
    on
        a.side = o.side
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
from priced_asked as a
asof join priced_row as o
    on
        a.side = o.side
        and a.by_what = o.by_what
        and a.what_no = o.what_no
        and a.event_no = o.event_no
        and a.revenue_e4 = o.revenue_e4
        and a.currency_no = o.currency_no
        and a.occurred_at <= o.occurred_at
where epoch_us(o.occurred_at) - epoch_us(a.occurred_at) <= $far_us
