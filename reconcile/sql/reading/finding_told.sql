-- One row per finding of a stored run, a pair being one, with what was decided on it.
-- Left out: classes that ask nothing of anybody, unless all are asked for ($all_classes).
-- Findings that were decided on and no longer stand are there where `closed` is asked for.
-- other_*: what the event of a pair in two currencies adds to the bridge, and has at stake, in other_currency; null
-- for all others. credits lists what the counterpart credits, a sum for each currency.
select
    f.subject || case when t.place > 1 then '.' || t.place else '' end as finding,
    r.side || ':' || r.batch || ':' || r.line as ref,
    r.*,
    case when r.bridge < 0 then -r.bridge else r.bridge end as at_stake,
    p.bridge as other_bridge,
    case when p.bridge < 0 then -p.bridge else p.bridge end as other_at_stake,
    p.currency as other_currency,
    case when f.ref is not null then coalesce(s.state, 'open') end as state,
    s.stale, s.credits, s.assignee, s.note,
    s.decision, s.decided_by, s.decided_at, s.decided_reason, s.postback
from run_row as r
left join run_row as p
    on
        p.side = 'event' and r.side = 'claim' and r.partner_batch = p.batch and r.partner_line = p.line
        and r.currency is distinct from p.currency
left join finding_fact as f on r.side || ':' || r.batch || ':' || r.line = f.ref
left join finding_state as s on f.ref = s.ref
left join thread as t on s.thread = t.thread and s.found_by <> 'class'
where
    ($all_classes or f.ref is not null)
    and (r.side = 'claim' or r.rule is null or r.class = 'timing')
union all by name
select
    subject || case when place > 1 then '.' || place else '' end as finding,
    side, class, seen_reason as reason, transaction_id, event_id, seen_buyer as buyer,
    seen_campaign as campaign_id, day, seen_currency as currency, money_of(at_stake_e4) as at_stake,
    money_of(other_at_stake_e4) as other_at_stake, other_currency,
    money_of(seen_revenue_e4) as revenue, seen_status as status, seen_at as occurred_at, file, line,
    'closed' as state, credits, assignee, note, decision, decided_by,
    decided_at, decided_reason
from finding_closed
where $state = 'closed'
