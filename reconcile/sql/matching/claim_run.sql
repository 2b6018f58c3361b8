-- One row per slow claim of the run, in the order of its content; equal content is numbered by occurrence.
-- Left out: claims of other buyers and campaigns.
-- The lead's campaign needs no comparing: rows of one id have the same lead.
with ordered as (
    select
        c.*,
        row_number() over (
            order by
                c.event_no nulls first,
                c.occurred_at nulls first, -- rule: claim_content_time
                c.revenue_e4 nulls first, -- rule: claim_content_amount
                c.transaction_id nulls first, -- rule: claim_content_id
                c.raw_status nulls first, -- rule: claim_content_status
                c.currency_no nulls first, -- rule: claim_content_currency
                c.own_campaign_no nulls first, -- rule: claim_content_campaign
                c.buyer_no nulls first, -- rule: claim_content_buyer
                c.external_clickid nulls first, -- rule: claim_content_external
                c.clid nulls first, -- rule: claim_content_clid
                c.file_no nulls first, c.line_no nulls first
        ) as claim_order,
        row_number() over (
            partition by
                c.event_no, c.occurred_at, c.revenue_e4, c.transaction_id, c.raw_status, c.currency_no,
                c.own_campaign_no, c.buyer_no, c.external_clickid, c.clid
            order by c.file_no nulls first, c.line_no nulls first
        ) as occurrence
    from claim_filtered as c
    where c.not_in_run is null -- rule: claim_of_the_run
)

select
    o.*,
    o.claim_order - o.occurrence as content_order,
    row_number() over (
        partition by o.key_hi, o.key_lo, o.event_no, o.negative
        order by o.claim_order nulls first
    ) as seat
from ordered as o
