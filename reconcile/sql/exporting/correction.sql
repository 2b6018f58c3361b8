-- One row per event that Pingtree has and should not have so: what stands there, what is right, and on what rows
-- that rests. The row is the event's own, its names as the export spells them.
-- correction is `remove` or `amount`; right_amount is null for what is to be removed. not_corrected says why a row is
-- not on the list after all. Left out: findings of other classes.
with one as (
    select
        k.*,
        case when k.side = 'event' then k.batch else k.partner_batch end as event_batch,
        case when k.side = 'event' then k.line else k.partner_line end as event_line
    from finding_kept as k
    where k.class in ('duplicate_event', 'orphan_event', 'revenue_mismatch', 'status_conflict')
)

select
    o.ref, o.finding, o.class, o.reason, o.buyer, o.state, o.stale, o.side,
    e.pid as source,
    e.transaction_id,
    e.event_id as event,
    e.campaign_id as campaign,
    e.occurred_at as time_utc,
    r.revenue as amount,
    r.currency,
    case when o.class = 'revenue_mismatch' then 'amount' else 'remove' end as correction,
    case
        when o.class <> 'revenue_mismatch' then null
        when o.reason = 'currency' then o.revenue
        else coalesce(r.revenue, 0) + o.bridge
    end as right_amount,
    case when o.class = 'revenue_mismatch' then o.currency end as right_currency,
    not_corrected(o.class, o.reason, o.state, o.stale, o.revenue, r.revenue) as not_corrected,
    r.file as event_file,
    r.line as event_line,
    case when o.side = 'claim' then o.file else o.rival_file end as other_file,
    case when o.side = 'claim' then o.line else o.rival_line end as other_line,
    o.status
from one as o
inner join run_row as r on r.side = 'event' and o.event_batch = r.batch and o.event_line = r.line
inner join source_file as f on r.batch = f.batch
inner join event as e on f.file_no = e.file_no and r.line = e.line_no
order by o.class, o.at_stake desc nulls last, r.file, r.line
