-- One row per state and currency of the postbacks for events of a period: how many, and their revenue in
-- ten-thousandths. Left out: events of other times, drafts, and what was cancelled before it was sent.
select state, currency, count(*) as postbacks, sum(revenue_e4) as revenue_e4
from intent
where
    occurred_at >= $period_from
    and occurred_at < $period_to
    and state <> 'cancelled'
    and plan in (select id from plan where hash <> '')
group by state, currency
order by currency, state;
