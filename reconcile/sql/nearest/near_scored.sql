-- One row per left-over row and candidate: what differs between them, and the points that costs.
-- Left out: nothing; found_no 9 stands for what was too much to look at. A row found in several ways is there
-- once, by the way that says most of its id.
with found as (
    select asked_no, other_no, min(found_no) as found_no
    from near_found
    group by asked_no, other_no
),

compared as (
    select
        f.*,
        a.side,
        coalesce(a.event_no <> o.event_no, false) as other_event,
        (a.event_no is null) <> (o.event_no is null) as one_event,
        coalesce(a.buyer_no <> o.buyer_no, false) as other_buyer,
        coalesce(a.campaign_no <> o.campaign_no, false) as other_campaign,
        coalesce(a.currency_no <> o.currency_no, false) as other_currency,
        coalesce(a.revenue_e4 <> o.revenue_e4, false) as other_amount,
        (a.revenue_e4 is null) <> (o.revenue_e4 is null) as one_amount,
        coalesce((a.revenue_e4 < 0) <> (o.revenue_e4 < 0), false) as other_sign,
        o.revenue_e4 - a.revenue_e4 as amount_apart_e4,
        epoch_us(o.occurred_at) - epoch_us(a.occurred_at) as time_apart_us,
        o.taken_line_no is not null as is_taken,
        f.found_no between 1 and 5 and a.lead_known and o.lead_known as two_leads,
        o.content_no
    from found as f
    inner join near_row as a on f.asked_no = a.row_no
    left join near_row as o on f.other_no = o.row_no
)

select
    c.*,
    case c.found_no when 0 then 0 when 1 then 1 when 2 then 1 when 3 then 2 when 4 then 3 when 5 then 5 else 99 end
    + case when c.other_event then 3 when c.one_event then 1 else 0 end
    + case when c.other_buyer then 3 else 0 end
    + case when c.other_campaign then 1 else 0 end
    + case when c.other_currency then 2 else 0 end
    + case when c.other_sign then 3 when c.other_amount then 2 when c.one_amount then 1 else 0 end
    + case
        when c.time_apart_us is null then 1
        when abs(c.time_apart_us) <= $near_us then 0
        when abs(c.time_apart_us) <= $far_us then 1
        else 2
    end
    + case when c.two_leads then 1 else 0 end
    + case when c.is_taken then 2 else 0 end as points
from compared as c
