-- One row per finding of a stored run, a pair being one, with what was decided on it.
-- Left out: classes that ask nothing of anybody, unless all are asked for ($all_classes).
-- Findings that were decided on and no longer stand are there where `closed` is asked for.
-- credits lists what the counterpart credits, a sum for each currency.
select
    r.subject || case when t.place > 1 then '.' || t.place else '' end as finding,
    r.* exclude (subject, is_finding),
    case when r.is_finding then coalesce(s.state, 'open') end as state,
    s.stale, s.credits, s.assignee, s.note,
    s.decision, s.decided_by, s.decided_at, s.decided_reason, s.postback
from finding_row as r
left join finding_state as s on r.ref = s.ref
left join thread as t on s.thread = t.thread and s.found_by <> 'class'
where $all_classes or r.is_finding
union all by name
select
    subject || case when place > 1 then '.' || place else '' end as finding,
    side, class, seen_reason as reason, transaction_id, event_id, seen_buyer as buyer,
    seen_campaign as campaign_id, day, seen_currency as currency, money_of(at_stake_e4) as at_stake,
    money_of(other_at_stake_e4) as other_at_stake, other_currency,
    money_of(seen_revenue_e4) as revenue, seen_status as status, seen_at as occurred_at, file, line,
    'closed' as state, credits, assignee, note, decision, decided_by, decided_at, decided_reason,
    norm_key(transaction_id) as id_key, regexp_extract(file, '[^/]*$') as file_name
from finding_closed
where $state = 'closed'
