-- One row per currency: what both sides sum to, and the difference the bridge explains.
-- Left out: rows that are not in scope.
select
    currency,
    sum(case when bucket = 'events' then amount else 0 end) as events,
    sum(case when bucket = 'claims' then amount else 0 end) as claims,
    sum(case when bucket = 'claims' then amount when bucket = 'events' then -amount else 0 end) as gap
from bridge
group by currency
