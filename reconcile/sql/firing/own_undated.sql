-- One row per postback that carried no date and that an export has proven, of a stretch of time, with the
-- first and the last attempt that may have stored it.
-- An attempt that was accepted has: the platform takes no second one. Else it is one of those that never
-- got a clear answer; "duplicate" is said of an earlier one, however much later.
-- Left out: what was there before ours, and those all of whose times lie outside of the stretch.
with may_have_stored as (
    select intent.id, attempt.taken_at, attempt.reason = 'accepted' as is_accepted
    from intent
    inner join attempt on attempt.intent = intent.id
    where
        intent.path = '/api/event/trigger'
        and intent.state = 'verified'
        and attempt.reason in (
            'accepted', 'unrecognised', 'unclassified', 'forbidden', 'unavailable', 'server_error',
            'no_answer', 'interrupted'
        )
),

stored as (
    select id, min(taken_at) as sent_at, max(taken_at) as sent_until
    from may_have_stored
    where is_accepted = (
        select max(other.is_accepted) from may_have_stored as other where other.id = may_have_stored.id
    )
    group by id
)

select
    intent.campaign_id,
    intent.event_id,
    intent.transaction_key,
    coalesce(intent.revenue_e4, 0) as revenue_e4,
    stored.sent_at,
    stored.sent_until,
    intent.occurred_at
from stored
inner join intent on stored.id = intent.id
where
    (intent.occurred_at >= $start and intent.occurred_at < $until)
    or (stored.sent_until >= $start and stored.sent_at < $until)
order by intent.id;
