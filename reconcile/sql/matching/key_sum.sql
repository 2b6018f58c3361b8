-- One row per id and event of the window, both sides together: all that decides whether it is clean.
-- Left out: rows without a usable id or an event, which can never be clean.
-- plain: what one row has to be. In a run of named campaigns a clean claim's campaign is its event's.
with both_sides as (
    select
        key_hi, key_lo, event_no, 1 as events, 0 as claims, buyer_no, campaign_no,
        day as event_day, cast(null as date) as claim_day, in_period, revenue_e4, currency_no,
        case
            when is_conversion = 0 then 0 -- rule: clean_conversion
            when left_out is not null then 0 -- rule: clean_event_of_the_run
            when day is null then 0 -- rule: clean_dated_event
            else 1
        end as plain
    from event_fact
    where key_hi is not null and event_no is not null
    union all
    select
        key_hi, key_lo, event_no, 0 as events, 1 as claims, buyer_no, campaign_no,
        cast(null as date) as event_day, day as claim_day, in_period, revenue_e4, currency_no,
        case
            when state <> 0 then 0 -- rule: clean_counting_claim
            when left_out is not null then 0 -- rule: clean_claim_of_the_run
            when day is null then 0 -- rule: clean_dated_claim
            else 1
        end as plain
    from claim_fact
    where key_hi is not null and event_no is not null
)

select
    key_hi,
    key_lo,
    event_no,
    cast(sum(events) as bigint) as events,
    cast(sum(claims) as bigint) as claims,
    cast(sum(plain) as bigint) as plain,
    cast(count(buyer_no) as bigint) as buyers,
    min(buyer_no) as buyer_no,
    max(buyer_no) as other_buyer_no,
    min(campaign_no) as campaign_no,
    max(campaign_no) as other_campaign_no,
    cast(count(currency_no) as bigint) as currencies,
    min(currency_no) as currency_no,
    max(currency_no) as other_currency_no,
    cast(count(revenue_e4) as bigint) as prices,
    min(revenue_e4) as revenue_e4,
    max(revenue_e4) as other_revenue_e4,
    min(in_period) as in_period,
    max(in_period) as other_in_period,
    min(event_day) as event_day,
    min(claim_day) as claim_day
from both_sides
group by key_hi, key_lo, event_no
