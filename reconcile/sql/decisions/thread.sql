-- One row per finding on which a decision counts: JSON of what names it, of what was said last, and of the facts
-- it was last seen with and last ruled on. Left out: decisions taken back, and those of the other counterpart.
-- Trap: `cross join` holds SQLite to the order of the index, or it sorts all that was ever decided.
with thread as (
    select
        f.subject,
        f.place,
        min(f.number) as thread,
        max(f.number) as seen,
        max(case when d.action not in ('assign', 'note') then f.number end) as ruled,
        max(case when d.action = 'assign' then f.number end) as assigned,
        max(case when d.note is not null then f.number end) as noted,
        max(f.credit_e4) is not null as is_credited
    from decided_finding as f
    cross join decision as d on f.decision = d.number
    left join decision as undo on d.number = undo.undoes
    where undo.number is null and d.counterpart = $counterpart
    group by f.subject, f.place
)

select
    json_object(
        'thread', t.thread, 'subject', t.subject, 'place', t.place, 'side', s.side, 'class', s.class,
        'transaction_key', s.transaction_key, 'event_id', s.event_id,
        'negative', json(case when s.negative then 'true' else 'false' end),
        'transaction_id', s.transaction_id, 'period_from', sd.period_from, 'period_to', sd.period_to,
        'state', case coalesce(rd.step, rd.action)
            when 'accept' then 'accepted' when 'reject' then 'rejected' when 'ignore' then 'ignored'
            when 'dispute' then 'disputed' when 'send' then 'sent' when 'answer' then 'answered'
            when 'credit' then 'credited' else 'open'
        end,
        'decision', sd.number, 'ruling', rd.number, 'decided_by', coalesce(rd.decided_by, sd.decided_by),
        'decided_at', coalesce(rd.decided_at, sd.decided_at), 'decided_reason', rd.reason,
        'assignee', ad.assignee, 'note', nd.note,
        'credits', json(
            case
                when t.is_credited
                    then (
                        select json_group_array(json_object('currency', c.currency, 'e4', c.e4))
                        from (
                            select f.credit_currency as currency, sum(f.credit_e4) as e4
                            from decided_finding as f
                            cross join decision as d on f.decision = d.number
                            left join decision as undo on d.number = undo.undoes
                            where
                                f.subject = t.subject and f.place = t.place and f.credit_e4 is not null
                                and undo.number is null and d.counterpart = $counterpart
                            group by f.credit_currency
                        ) as c
                    )
            end
        ),
        'day', s.day, 'at_stake_e4', s.at_stake_e4,
        'other_at_stake_e4', s.other_at_stake_e4, 'other_currency', s.other_currency,
        'file', s.file, 'line', s.line,
        'seen_at', s.occurred_at, 'seen_reason', s.reason, 'seen_revenue_e4', s.revenue_e4,
        'seen_partner_e4', s.partner_e4, 'seen_currency', s.currency, 'seen_status', s.status,
        'seen_buyer', s.buyer, 'seen_campaign', s.campaign_id,
        'ruled_at', r.occurred_at, 'ruled_reason', r.reason, 'ruled_revenue_e4', r.revenue_e4,
        'ruled_partner_e4', r.partner_e4, 'ruled_currency', r.currency,
        'ruled_other_currency', r.other_currency, 'ruled_status', r.status, 'ruled_buyer', r.buyer,
        'ruled_campaign', r.campaign_id
    ) as thread
from thread as t
inner join decided_finding as s on t.seen = s.number
inner join decision as sd on s.decision = sd.number
left join decided_finding as r on t.ruled = r.number
left join decision as rd on r.decision = rd.number
left join decided_finding as a on t.assigned = a.number
left join decision as ad on a.decision = ad.number
left join decided_finding as n on t.noted = n.number
left join decision as nd on n.decision = nd.number
