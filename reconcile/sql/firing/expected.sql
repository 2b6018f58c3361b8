-- One row per campaign, buyer or source of a plan's postbacks and currency: how many, and their revenue
-- in ten-thousandths. What names no such thing is named (none).
with part as (
    select campaign_id, buyer, pid, currency, count(*) as rows, coalesce(sum(revenue_e4), 0) as e4
    from intent
    where plan = $plan
    group by campaign_id, buyer, pid, currency
),

named as (
    select 1 as place, 'campaign' as "by", campaign_id as name, currency, rows, e4 from part
    union all
    select 2, 'buyer', buyer, currency, rows, e4 from part
    union all
    select 3, 'source', pid, currency, rows, e4 from part
)

select
    "by",
    coalesce(name, '(none)') as name,
    coalesce(currency, '') as currency,
    sum(rows) as rows,
    sum(e4) as e4
from named
group by place, name, currency
order by place, name, currency;
