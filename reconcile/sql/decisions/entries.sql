-- One row per decision on a finding, the oldest first, with the facts it was made on.
-- Left out: findings that are not asked for (null: all), by name, place, canonical id or decision.
select
    d.number as decision,
    d.decided_at,
    d.decided_by,
    coalesce(d.step, d.action) as action,
    d.reason,
    d.note,
    d.assignee,
    undo.number as undone_by,
    f.subject,
    f.place,
    f.side,
    f.class,
    f.reason as class_reason,
    f.transaction_id,
    f.event_id,
    f.buyer,
    f.campaign_id,
    f.occurred_at,
    f.currency,
    f.revenue_e4,
    f.partner_e4,
    f.status,
    f.at_stake_e4,
    f.other_at_stake_e4,
    f.other_currency,
    f.credit_e4,
    f.credit_currency,
    f.file,
    f.line,
    d.run
from decided_finding as f
inner join decision as d on f.decision = d.number
left join decision as undo on d.number = undo.undoes
where
    ($subject is null or f.subject = $subject)
    and ($place is null or f.place = $place)
    and ($transaction_key is null or f.transaction_key = $transaction_key)
    and ($decision is null or d.number = $decision)
order by f.number
