-- One row per postback of a plan that no attempt can have stored, and that may still be sent.
-- ours: of an event that may repeat, how many others of this place were sent since the plan was made.
select
    intent.transaction_id,
    intent.campaign_id,
    intent.event_id,
    intent.transaction_key,
    intent.repeat_key,
    intent.seen_before,
    case
        when intent.repeat_key = '' then 0
        else (
            select count(*) from intent as other
            where
                other.transaction_key = intent.transaction_key
                and other.event_id = intent.event_id
                and other.campaign_id = intent.campaign_id
                and other.host = intent.host
                and other.state not in ('cancelled', 'rejected', 'absent')
                and other.state not in ('planned', 'approved', 'retryable')
                and other.sent_at >= plan.made_at
        )
    end as ours
from intent
inner join plan on intent.plan = plan.id
where
    intent.plan = $plan
    and (
        intent.state in ('planned', 'approved')
        or (intent.state = 'retryable' and intent.mode = 'once')
    )
order by intent.id;
