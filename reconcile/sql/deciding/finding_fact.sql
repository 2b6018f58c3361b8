-- One row per finding of a stored run, a pair being one, at its claim: what names it in any run, and its facts.
-- Left out: classes that ask nothing of anybody.
-- other_*: what is at stake in the other currency of a pair in two; null for all others.
-- base names the row, subject the finding: in another class the same row is another finding.
with named as (
    select
        r.side || ':' || r.batch || ':' || r.line as ref,
        r.side,
        r.class,
        coalesce(norm_key(r.transaction_id), '') as transaction_key,
        r.event_id,
        coalesce(r.revenue < 0, false) as negative,
        r.transaction_id,
        r.occurred_at,
        r.day,
        r.reason,
        e4_of(r.revenue) as revenue_e4,
        e4_of(p.revenue) as partner_e4,
        r.currency,
        r.status,
        r.buyer,
        r.campaign_id,
        e4_of(case when r.bridge < 0 then -r.bridge else r.bridge end) as at_stake_e4,
        case
            when r.currency is distinct from p.currency
                then e4_of(case when p.bridge < 0 then -p.bridge else p.bridge end)
        end as other_at_stake_e4,
        case when r.currency is distinct from p.currency then p.currency end as other_currency,
        r.file,
        r.line
    from run_row as r
    left join run_row as p
        on
            p.side = 'event' and r.side = 'claim'
            and r.partner_batch = p.batch and r.partner_line = p.line
    where
        r.class not in ('matched', 'matched_within_tolerance', 'timing', 'not_due_yet', 'not_billable')
        and (r.side = 'claim' or r.rule is null)
)

select
    *,
    subject_of($counterpart, side, transaction_key, event_id, negative, class) as subject,
    subject_of($counterpart, side, transaction_key, event_id, negative, '') as base,
    facts_of(occurred_at, reason, revenue_e4, partner_e4, currency, status, buyer, campaign_id) as facts
from named
