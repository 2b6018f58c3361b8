-- One row per candidate, ranked within its id and event from the best pair to the worst.
-- Left out: nothing. The rank is strict, so mutual best pairs are what a greedy pass would take.
-- The difference of occurrences comes before the occurrences, or k equal rows would take k rounds.
select
    p.event_order,
    p.claim_order,
    row_number() over (
        partition by e.key_hi, e.key_lo, e.event_no
        order by
            e.is_conversion desc nulls first, -- rule: rank_conversions_first
            case when c.state = 0 then 0 else 1 end nulls first, -- rule: rank_counting_claims_first
            case when e.currency_no is not distinct from c.currency_no then 0 else 1 end nulls first, -- rule: rank_equal_currencies
            case when (e.revenue_e4 is null) = (c.revenue_e4 is null) then 0 else 1 end nulls first, -- rule: rank_both_priced
            abs(e.revenue_e4 - c.revenue_e4) nulls first, -- rule: rank_amount
            microseconds_between(e.occurred_at, c.occurred_at) nulls first, -- rule: rank_time
            e.content_order nulls first, -- rule: rank_event_content
            c.content_order nulls first, -- rule: rank_claim_content
            abs(e.occurrence - c.occurrence) nulls first,
            e.event_order nulls first,
            c.claim_order nulls first
    ) as pair_rank
from candidate as p
inner join event_run as e on p.event_order = e.event_order
inner join claim_run as c on p.claim_order = c.claim_order
