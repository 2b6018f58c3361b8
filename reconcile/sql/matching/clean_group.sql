-- One row per group of clean pairs of a range of keys: how many, and their money on both sides.
-- Left out: nothing; pairs of the margin have groups of their own.
select
    rule,
    currency_no,
    buyer_no,
    campaign_no,
    event_day,
    claim_day,
    in_period,
    cast(count(*) as bigint) as pairs,
    exact_sum(revenue_e4) as revenue_e4
from clean_pair
group by rule, currency_no, buyer_no, campaign_no, event_day, claim_day, in_period
