-- One row per amount of a side, or of a bucket, in its group of currency, buyer, campaign and day.
-- Left out: nothing. A pair's difference sits in the claim's group; the event's money is moved there
-- one dimension at a time, first to the claim's campaign, then to its day.
with moved as (
    select currency_no, buyer_no, campaign_no, day, partner_campaign_no, partner_day, own_e4
    from verdict
    where side = 'event' and shared = 1 -- rule: shift_shared_pairs => where side = 'event'
    union all
    select
        currency_no, buyer_no, campaign_no, event_day as day, campaign_no as partner_campaign_no,
        claim_day as partner_day, revenue_e4 as own_e4
    from clean_sum
)

select
    case side when 'event' then 'events' else 'claims' end as bucket,
    currency_no, buyer_no, campaign_no, day, own_e4 as amount_e4
from verdict
union all
select 'events' as bucket, currency_no, buyer_no, campaign_no, event_day as day, revenue_e4 as amount_e4
from clean_sum
union all
select 'claims' as bucket, currency_no, buyer_no, campaign_no, claim_day as day, revenue_e4 as amount_e4
from clean_sum
union all
select
    bucket_name(class, case when class <> 'timing' then reason end) as bucket, -- rule: bucket_of_timing => bucket_name(class, reason) as bucket,
    currency_no, buyer_no, campaign_no, day, bridge_e4 as amount_e4
from verdict
where side = 'claim' or shared = 0 -- rule: bucket_of_pair_at_claim
union all
select 'campaign_shift' as bucket, currency_no, buyer_no, campaign_no, day, -own_e4 as amount_e4
from moved
where campaign_no is distinct from partner_campaign_no
union all
select 'campaign_shift' as bucket, currency_no, buyer_no, partner_campaign_no as campaign_no, day, own_e4 as amount_e4
from moved
where campaign_no is distinct from partner_campaign_no
union all
select 'day_shift' as bucket, currency_no, buyer_no, partner_campaign_no as campaign_no, day, -own_e4 as amount_e4
from moved
where day is distinct from partner_day
union all
select
    'day_shift' as bucket, currency_no, buyer_no, partner_campaign_no as campaign_no, partner_day as day,
    own_e4 as amount_e4
from moved
where day is distinct from partner_day
