-- One row per slow event of the run, in the order of its content; equal content is numbered by occurrence.
-- Left out: events of other buyers and campaigns. Events of unknown buyers stay, as candidates.
-- The lead's campaign needs no comparing: rows of one id have the same lead.
with ordered as (
    select
        e.*,
        coalesce(k.usable, 0) as usable,
        case
            when e.key_hi is null then 0 -- rule: event_needs_id
            when e.event_no is null then 1 -- rule: event_without_name_has_its_id
            else k.usable
        end as identified,
        coalesce(k.may_repeat, 0) as may_repeat,
        case
            when k.usable = 0 then 0 -- rule: event_placeholder_has_no_other_buyer
            when k.first_buyer_no <> e.buyer_no then 1 -- rule: event_other_buyer_first
            when k.last_buyer_no <> e.buyer_no then 1 -- rule: event_other_buyer_last
            else 0
        end as other_buyer,
        row_number() over (
            order by
                e.event_no nulls first,
                e.occurred_at nulls first, -- rule: event_content_time
                e.revenue_e4 nulls first, -- rule: event_content_amount
                e.transaction_id nulls first, -- rule: event_content_id
                e.currency_no nulls first, -- rule: event_content_currency
                e.own_campaign_no nulls first, -- rule: event_content_campaign
                e.buyer_no nulls first, -- rule: event_content_buyer
                e.external_clickid nulls first, -- rule: event_content_external
                e.clid nulls first, -- rule: event_content_clid
                e.file_no nulls first, e.line_no nulls first
        ) as event_order,
        row_number() over (
            partition by
                e.event_no, e.occurred_at, e.revenue_e4, e.transaction_id, e.currency_no,
                e.own_campaign_no, e.buyer_no, e.external_clickid, e.clid
            order by e.file_no nulls first, e.line_no nulls first
        ) as occurrence
    from slow_event as e
    left join key_fact as k
        on e.key_hi = k.key_hi and e.key_lo = k.key_lo and e.event_no = k.event_no
    where e.left_out is null -- rule: event_of_the_run
)

select
    o.*,
    o.event_order - o.occurrence as content_order,
    row_number() over (
        partition by o.key_hi, o.key_lo, o.event_no, o.negative
        order by o.event_order nulls first
    ) as seat
from ordered as o
