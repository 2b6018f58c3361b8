-- One row per clean key of the range: one event and one claim that agree in all that a verdict reads.
-- Left out: every key that has to be looked at row by row. In a run of named campaigns a clean claim's
-- campaign is its event's. in_period 0: the pair lies in the margin; it only keeps its rows from being
-- looked at again. Trap: crowded keys go first, for an id of a thousand rows a side joins to a million.
with single_event as (
    select e.*
    from event_fact as e
    left join crowded_key as k
        on e.key_hi = k.key_hi and e.key_lo = k.key_lo and e.event_no = k.event_no
    where k.key_hi is null
)

select
    e.key_hi,
    e.key_lo,
    e.event_no,
    case when e.buyer_no = c.buyer_no then 'exact' else 'unknown_buyer' end as rule, -- rule: clean_rule => 'exact' as rule,
    coalesce(e.buyer_no, c.buyer_no) as buyer_no,
    coalesce(e.campaign_no, c.campaign_no) as campaign_no,
    e.currency_no,
    e.revenue_e4,
    e.in_period,
    e.day as event_day,
    c.day as claim_day
from single_event as e
inner join claim_fact as c
    on e.key_hi = c.key_hi and e.key_lo = c.key_lo and e.event_no = c.event_no
where
    e.is_conversion = 1 -- rule: clean_conversion => 1 = 1
    and e.left_out_no = 0 -- rule: clean_event_of_the_run
    and c.left_out_no = 0 -- rule: clean_claim_of_the_run
    and c.state = 0 -- rule: clean_counting_claim
    and e.day is not null -- rule: clean_dated_event
    and c.day is not null -- rule: clean_dated_claim
    and e.revenue_e4 = c.revenue_e4 -- rule: clean_equal_amounts
    and coalesce(e.currency_no, 0) = coalesce(c.currency_no, 0) -- rule: clean_equal_currencies
    and coalesce(e.buyer_no = c.buyer_no, true) -- rule: clean_equal_buyers
    and coalesce(e.campaign_no = c.campaign_no, true) -- rule: clean_equal_campaigns
    and e.in_period = c.in_period -- rule: clean_same_period
    and $placeholder_limit >= 1 -- rule: clean_no_placeholder
