-- One row per claim that the two states of the reports do not share: as it was, as it is, and what that does to
-- the sum. Left out: claims that say the very same in both.
-- A claim in both is paired by its identity, equal ones first; what is left of several goes by amount and status.
with before_nth as (
    select *, row_number() over (partition by id_hi, id_lo, content order by batch, line) as nth
    from claim_before
),

now_nth as (
    select *, row_number() over (partition by id_hi, id_lo, content order by batch, line) as nth
    from claim_now
),

gone as (
    select b.*, row_number() over (partition by id_hi, id_lo order by revenue_e4, status, batch, line) as place
    from before_nth as b
    where not exists (
        select 1
        from now_nth as n
        where b.id_hi = n.id_hi and b.id_lo = n.id_lo and b.content = n.content and b.nth = n.nth
    )
),

come as (
    select n.*, row_number() over (partition by id_hi, id_lo order by revenue_e4, status, batch, line) as place
    from now_nth as n
    where not exists (
        select 1
        from before_nth as b
        where n.id_hi = b.id_hi and n.id_lo = b.id_lo and n.content = b.content and n.nth = b.nth
    )
),

paired as (
    select
        b.line is null as is_added,
        n.line is null as is_removed,
        (n.revenue_e4 is distinct from b.revenue_e4) or (n.currency is distinct from b.currency) as is_repriced,
        (n.counts is distinct from b.counts)
        or (status_key(n.status) is distinct from status_key(b.status)) as is_restated,
        coalesce(n.transaction_id, b.transaction_id) as transaction_id,
        coalesce(n.event_id, b.event_id) as event_id,
        coalesce(n.campaign_id, b.campaign_id) as campaign_id,
        coalesce(n.occurred_at, b.occurred_at) as occurred_at,
        b.revenue_e4 as revenue_e4_before,
        n.revenue_e4 as revenue_e4_now,
        b.currency as currency_before,
        n.currency as currency_now,
        b.status as status_before,
        n.status as status_now,
        coalesce(n.reason, b.reason) as reason,
        b.counts as counts_before,
        n.counts as counts_now,
        b.file as file_before,
        b.line as line_before,
        n.file as file_now,
        n.line as line_now
    from gone as b
    full outer join come as n on b.id_hi = n.id_hi and b.id_lo = n.id_lo and b.place = n.place
)

select
    case
        when is_added then 'added'
        when is_removed then 'removed'
        when is_repriced then 'repriced'
        when is_restated then 'status'
        else 'other'
    end as change,
    * exclude (is_added, is_removed, is_repriced, is_restated)
from paired
