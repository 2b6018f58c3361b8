-- One row per unit of events without any lead row: its first event stands for the lead.
-- Left out: units that have a lead row, and events without a time or whose campaign is not known to be meant.
select
    ((select coalesce(max(n), 0) from funnel_lead_row) + row_number() over ())::integer as n,
    e.unit_hi,
    e.unit_lo,
    min(e.t) as occurred_at,
    true as in_scope,
    arg_min(e.transaction_id, (e.t, e.transaction_id)) as transaction_id,
    arg_min(e.campaign, (e.t, e.campaign)) as campaign_id,
    arg_min(e.pid, (e.t, e.pid)) as pid,
    arg_min(e.buyer, (e.t, e.buyer)) as buyer,
    false as is_denied,
    coalesce($currency, '') as currency
from funnel_event_row as e
left join funnel_lead_row as l on e.unit_hi = l.unit_hi and e.unit_lo = l.unit_lo
where
    l.unit_hi is null
    and e.unit_hi is not null
    and e.t is not null
    and e.class_no between 2 and 98
    and (len($campaigns) = 0 or e.campaign is not null)
group by e.unit_hi, e.unit_lo
