-- One row per state and currency of a plan's postbacks: how many, and their revenue in
-- ten-thousandths.
select
    state,
    coalesce(currency, '') as currency,
    count(*) as rows,
    coalesce(sum(revenue_e4), 0) as e4
from intent
where plan = $plan
group by state, coalesce(currency, '')
order by state, currency;
