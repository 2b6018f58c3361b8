-- One row per recovered event of a lead that comes farther with recovered events, or less far: the finding to act on.
-- Left out: leads that stay where they are, and what lies beyond the page.
with moved as (
    select
        coalesce(t.lead, r.lead) as lead,
        coalesce(t.level, 0) as tracked,
        coalesce(r.level, 0) as reconciled
    from level_tracked as t
    full outer join level_reconciled as r on t.lead = r.lead
    where t.level is distinct from r.level
)

select
    f.ref,
    f.transaction_id,
    f.event_id,
    f.occurred_at,
    f.revenue,
    nullif(f.currency, '') as currency,
    l.campaign_id,
    l.pid,
    l.buyer,
    m.tracked,
    m.reconciled
from moved as m
inner join funnel_recovered as f on m.lead = f.lead
inner join funnel_lead as l on m.lead = l.lead
order by f.transaction_id, f.occurred_at, f.ref
limit $limit offset $offset
