-- One row per pair, both sides beside each other, with the group each side's money belongs to.
-- Left out: clean pairs. A claim's campaign prefers its partner's to its lead's; an event's is its lead's.
-- Memory: the sides that are held while the others pass by are the pairs and their events, not all rows.
-- ST03 takes the `from` of `is not distinct from` for another one.
with event_side as ( -- noqa: ST03
    select r.*, p.rule, p.evidence, p.claim_order
    from event_run as r
    inner join pair as p on r.event_order = p.event_order
)

select
    e.rule,
    e.evidence,
    e.event_order,
    c.claim_order,
    e.file_no as event_file_no,
    e.line_no as event_line_no,
    c.file_no as claim_file_no,
    c.line_no as claim_line_no,
    e.event_no,
    e.transaction_id as event_transaction_id,
    c.transaction_id as claim_transaction_id,
    e.occurred_at as event_at,
    c.occurred_at as claim_at,
    c.raw_status,
    case when c.usable = 1 then c.key_hi end as claim_key_hi, -- rule: repeated_needs_id => c.key_hi as claim_key_hi,
    c.key_lo as claim_key_lo,
    c.buyer_no as claim_buyer_no,
    c.negative,
    c.may_repeat,
    e.in_period as event_in_period,
    c.in_period as claim_in_period,
    e.day as event_day,
    c.day as claim_day,
    e.currency_no as event_currency_no,
    c.currency_no as claim_currency_no,
    coalesce(e.buyer_no, c.buyer_no) as event_group_buyer_no, -- rule: event_buyer_of_partner => e.buyer_no as event_group_buyer_no,
    coalesce(c.buyer_no, e.buyer_no) as claim_group_buyer_no, -- rule: claim_buyer_of_partner => c.buyer_no as claim_group_buyer_no,
    coalesce(e.campaign_no, c.campaign_no) as event_campaign_no, -- rule: event_campaign_of_partner => e.campaign_no as event_campaign_no,
    coalesce(c.own_campaign_no, e.campaign_no, c.lead_campaign_no) as claim_campaign_no, -- rule: claim_campaign_of_partner => coalesce(c.own_campaign_no, c.lead_campaign_no) as claim_campaign_no,
    e.revenue_e4 as event_e4,
    c.revenue_e4 as claim_e4,
    c.effective_e4,
    c.has_amount,
    c.state,
    c.status,
    e.is_conversion,
    case when e.currency_no is not distinct from c.currency_no then 1 else 0 end as same_currency, -- rule: unknown_currencies_are_equal => case when e.currency_no = c.currency_no then 1 else 0 end as same_currency,
    case when e.transaction_id is not distinct from c.transaction_id then 0 else 1 end as id_spelling, -- rule: absent_ids_are_spelled_alike => case when e.transaction_id = c.transaction_id then 0 else 1 end as id_spelling,
    case when e.day is not distinct from c.day then 0 else 1 end as day_shift -- rule: two_undated_rows_shift_no_day => case when e.day = c.day then 0 else 1 end as day_shift
from claim_run as c
inner join event_side as e on c.claim_order = e.claim_order
