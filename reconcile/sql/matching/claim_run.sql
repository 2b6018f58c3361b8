-- One row per slow claim of the run, in the order of its content; equal content is numbered by occurrence.
-- Left out: claims of other buyers and campaigns.
with ordered as (
    select
        c.*,
        case when k.usable = 1 then 1 else 0 end as usable,
        case when c.key_hi is null then 0 when c.event_no is null then 1 else k.usable end as identified,
        coalesce(k.may_repeat, 0) as may_repeat,
        case
            when k.usable = 1 and (k.first_buyer_no <> c.buyer_no or k.last_buyer_no <> c.buyer_no) then 1
            else 0
        end as other_buyer,
        row_number() over (
            order by
                c.event_no nulls first, c.occurred_at nulls first, c.revenue_e4 nulls first,
                c.transaction_id nulls first, c.raw_status nulls first, c.currency_no nulls first,
                c.own_campaign_no nulls first, c.campaign_no nulls first, c.buyer_no nulls first,
                c.external_clickid nulls first, c.file_no nulls first, c.line_no nulls first
        ) as claim_order,
        row_number() over (
            partition by
                c.event_no, c.occurred_at, c.revenue_e4, c.transaction_id, c.raw_status, c.currency_no,
                c.own_campaign_no, c.campaign_no, c.buyer_no, c.external_clickid
            order by c.file_no nulls first, c.line_no nulls first
        ) as occurrence
    from claim_placed as c
    left join key_fact as k
        on c.key_hi = k.key_hi and c.key_lo = k.key_lo and c.event_no = k.event_no
    where c.not_in_run is null
)

select
    o.*,
    o.claim_order - o.occurrence as content_order,
    row_number() over (
        partition by o.key_hi, o.key_lo, o.event_no, o.negative
        order by o.claim_order nulls first
    ) as seat
from ordered as o
