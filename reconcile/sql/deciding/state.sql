-- One row per finding of the run that a decision or a postback speaks of: its state, what makes its decision
-- stale, and what was said. Accepted as half of a pair that the run was asked to make and has not: its partner moved.
-- Left out: findings of which nothing was said; they are open.
with known as (
    select ref from resolved
    union
    select ref from fired
),

told as (
    select
        f.ref,
        t.thread,
        r.found_by,
        s.state as postback,
        coalesce(t.state, 'open') as said,
        case
            when s.state = 'verified' then 'closed'
            when s.state is not null then 'fired'
            when t.thread is null or r.found_by = 'class' then 'open'
            else t.state
        end as state,
        t.assignee, t.note, t.decision, t.decided_by, t.decided_at, t.decided_reason,
        case when r.found_by <> 'class' then t.credits end as credits,
        concat_ws(
            ';',
            moved('amount', f.revenue_e4, t.ruled_revenue_e4),
            case
                when
                    a.decision is not null or f.partner_e4 is distinct from t.ruled_partner_e4
                    or f.other_currency <> t.ruled_other_currency
                    then 'partner'
            end,
            moved('currency', f.currency, t.ruled_currency),
            moved('status', f.status, t.ruled_status),
            moved('reason', f.reason, t.ruled_reason),
            moved('time', f.occurred_at, t.ruled_at),
            moved('buyer', f.buyer, t.ruled_buyer),
            moved('campaign', f.campaign_id, t.ruled_campaign)
        ) as moved
    from known
    inner join finding_fact as f on known.ref = f.ref
    left join resolved as r on f.ref = r.ref
    left join thread as t on r.thread = t.thread
    left join run_accepted as a on t.ruling = a.decision
    left join fired as s on f.ref = s.ref
)

select
    ref, thread, found_by, postback, state, said, assignee, note, decision, decided_by, decided_at, decided_reason,
    credits,
    case
        when said = 'open' or state in ('fired', 'closed') then null
        when found_by = 'class' then 'class'
        else nullif(moved, '')
    end as stale
from told
