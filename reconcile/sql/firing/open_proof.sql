-- One row per postback that an export can settle or has settled, by the place it holds.
-- dated_from: of those that carried no date the first attempt; the platform dates them when it takes them.
-- Left out: what was never sent, refused or is still to be sent.
select
    *,
    case
        when path = $undated then (select min(taken_at) from attempt where attempt.intent = intent.id)
    end as dated_from
from intent
where
    host = $host
    and state in (
        'confirmed', 'unknown', 'already_there', 'verified', 'missing_in_export', 'revenue_differs'
    )
order by campaign_id, event_id, transaction_key, id;
