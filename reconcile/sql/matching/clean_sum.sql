-- One row per group of clean pairs of the period: how many, and their money on both sides.
-- Left out: pairs of the margin.
select
    rule,
    currency_no,
    buyer_no,
    campaign_no,
    event_day,
    claim_day,
    cast(sum(pairs) as bigint) as pairs,
    exact_sum(revenue_e4) as revenue_e4
from clean_group
where in_period = 1 -- rule: clean_pairs_of_period
group by rule, currency_no, buyer_no, campaign_no, event_day, claim_day
having sum(pairs) <> 0
