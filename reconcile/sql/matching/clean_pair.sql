-- One row per clean key: one event and one claim that agree in all that a verdict reads.
-- Left out: every key that has to be looked at row by row.
-- in_period 0: the pair lies in the margin; it only keeps its rows from being looked at again.
select
    key_hi,
    key_lo,
    event_no,
    case when buyers = 2 then 'exact' else 'unknown_buyer' end as rule, -- rule: clean_rule => 'exact' as rule,
    buyer_no,
    campaign_no,
    currency_no,
    revenue_e4,
    in_period,
    event_day,
    claim_day
from key_sum
where
    events = 1 -- rule: clean_one_event => 1 = 1
    and claims = 1 -- rule: clean_one_claim
    and plain = 2 -- rule: clean_plain
    and prices = 2 -- rule: clean_priced
    and revenue_e4 = other_revenue_e4 -- rule: clean_equal_amounts
    and currencies <> 1 -- rule: clean_both_currencies
    and (currencies = 0 or currency_no = other_currency_no) -- rule: clean_equal_currencies
    and (buyers = 0 or buyer_no = other_buyer_no) -- rule: clean_equal_buyers
    and (campaign_no is null or campaign_no = other_campaign_no) -- rule: clean_equal_campaigns
    and in_period = other_in_period -- rule: clean_same_period
    and $placeholder_limit >= 1 -- rule: clean_no_placeholder
