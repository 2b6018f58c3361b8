-- One row per finding of a stored run, a pair being one, with what was decided on it.
-- Left out: classes that ask nothing of anybody, and what the filters do not let pass (null: all).
-- Findings that were decided on and no longer stand are there where `closed` is asked for.
-- other_at_stake: what the event of a pair in two currencies takes away, in other_currency; null for all others.
with told as (
    select
        f.subject || case when t.place > 1 then '.' || t.place else '' end as finding,
        r.side || ':' || r.batch || ':' || r.line as ref,
        r.*,
        case when r.bridge < 0 then -r.bridge else r.bridge end as at_stake,
        case when p.bridge < 0 then -p.bridge else p.bridge end as other_at_stake,
        p.currency as other_currency,
        case when f.ref is not null then coalesce(s.state, 'open') end as state,
        s.stale, money_of(s.credited_e4) as credited, s.assignee, s.note,
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
        money_of(seen_revenue_e4) as revenue, seen_status as status, seen_at as occurred_at, file, line,
        'closed' as state, money_of(credited_e4) as credited, assignee, note, decision, decided_by,
        decided_at, decided_reason
    from finding_closed
    where $state = 'closed'
)

select *
from told
where
    ($class is null or class = $class)
    and ($reason is null or reason = $reason)
    and ($flag is null or list_contains(string_split(coalesce(flags, ''), ';'), $flag))
    and ($buyer is null or buyer = $buyer)
    and ($campaign is null or campaign_id = $campaign)
    and ($event is null or event_id = $event)
    and ($currency is null or currency = $currency)
    and ($day is null or day = $day)
    and ($day_from is null or day >= $day_from)
    and ($day_to is null or day <= $day_to)
    and ($at_least is null or greatest(at_stake, other_at_stake) >= $at_least)
    and ($at_most is null or greatest(at_stake, other_at_stake) <= $at_most)
    and ($state is null or state = $state)
    and ($stale is null or $stale = (stale is not null))
    and ($assignee is null or coalesce(assignee, '') = $assignee)
    and ($search is null or contains(lower(coalesce(transaction_id, '')), lower($search)))
    and (
        not $by_source
        or (key_hi(norm_key(transaction_id)), key_lo(norm_key(transaction_id))) in (
            select (key_hi, key_lo) from source_key
        )
    )
    and (
        not $by_id
        or ref in (select id from wanted_id)
        or finding in (select id from wanted_id)
        or norm_key(transaction_id) in (select key from wanted_id)
        or file || ':' || line in (select id from wanted_id)
        or regexp_extract(file, '[^/]*$') || ':' || line in (select id from wanted_id)
        or 'event:' || partner_batch || ':' || partner_line in (select id from wanted_id)
    )
