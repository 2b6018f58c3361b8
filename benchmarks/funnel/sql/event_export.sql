-- One row of the event export per step that a lead reached, four of a hundred fired twice, and per visit, which is no
-- step. Left out: what happened after the end of November.
with step as (
    select i, transaction_id, came, 'signup' as event_id, came + to_seconds(took[1]) as t, null as revenue
    from lead
    where u[10] < 0.85
    union all
    select i, transaction_id, came, 'call', came + to_seconds(took[1] + took[2]), null
    from lead
    where u[10] < 0.55
    union all
    select i, transaction_id, came, 'sale', came + to_seconds(took[1] + took[2] + took[3]), round(20 + 80 * u[13], 2)
    from lead
    where u[10] < 0.3
    union all
    select i, transaction_id, came, 'deposit', came + to_seconds(list_sum(took)::bigint), round(100 + 900 * u[14], 2)
    from lead
    where u[10] < 0.15
),

every as (
    select transaction_id, event_id, t, revenue from step
    union all
    select transaction_id, event_id, t + to_seconds((60 + hash(i, event_id) % 500000)::bigint), revenue
    from step
    where hash(i, event_id, 'again') % 25 = 0
    union all
    select transaction_id, 'visit', came + to_seconds((hash(i, 'visit', k) % 2000000)::bigint), null
    from lead, range(3) as r(k)
    where hash(i, 'visits', k) % 100 < 25
)

select
    transaction_id,
    'solar' as campaign_id,
    event_id,
    strftime(t, '%Y-%m-%dT%H:%M:%SZ') as conversion_date,
    revenue,
    'USD' as currency
from every
where t < timestamp '2026-12-01'
order by t
