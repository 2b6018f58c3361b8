-- One row per currency of one state of the buyer's reports: its claims, and what counts of their amounts.
-- Left out: nothing.
select
    currency,
    cast(count(*) as bigint) as rows,
    cast(sum(coalesce(revenue_e4, 0) * counts) as hugeint) as sum_e4
from query_table($claims)
group by currency
