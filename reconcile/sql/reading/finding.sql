-- One row per finding of a stored run, a pair being one, the largest amount at stake first.
-- Left out: classes that ask nothing of anybody, and what the filters do not let pass (null: all).
with finding as (
    select
        r.side || ':' || r.batch || ':' || r.line as ref,
        r.*,
        case when r.bridge < 0 then -r.bridge else r.bridge end as at_stake
    from run_row as r
    where
        (
            $all_classes
            or r.class not in (
                'matched', 'matched_within_tolerance', 'timing', 'not_due_yet', 'not_billable'
            )
        )
        and (r.side = 'claim' or r.rule is null or r.class = 'timing')
        and ($class is null or r.class = $class)
        and ($reason is null or r.reason = $reason)
        and ($flag is null or list_contains(string_split(coalesce(r.flags, ''), ';'), $flag))
        and ($buyer is null or r.buyer = $buyer)
        and ($campaign is null or r.campaign_id = $campaign)
        and ($currency is null or r.currency = $currency)
        and ($day is null or r.day = $day)
        and (
            $search is null
            or contains(lower(coalesce(r.transaction_id, '')), lower($search))
        )
)

select
    ref, class, reason, flags, side, transaction_id, event_id, buyer, campaign_id, day, currency,
    at_stake, bridge, revenue, status, rule, occurred_at,
    file, line, partner_file, partner_line, rival_file, rival_line, batch, partner_batch
from finding
order by at_stake desc nulls last, class nulls last, file nulls last, line nulls last
limit $limit offset $offset
