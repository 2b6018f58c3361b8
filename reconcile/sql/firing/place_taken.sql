-- One row per postback asked for whose place another one holds, in whatever plan: its number in the list.
-- $asked is JSON: a list of [campaign_id, event_id, transaction_key, repeat_key, occurred_at].
-- Trap: first releases named a repeat by hashes, as 12.34.1, which no later one can make again: of
-- those any of the same time holds the place, because twice is worse than not yet.
with asked as (
    select
        key as no,
        json_extract(value, '$[0]') as campaign_id,
        json_extract(value, '$[1]') as event_id,
        json_extract(value, '$[2]') as transaction_key,
        json_extract(value, '$[3]') as repeat_key,
        json_extract(value, '$[4]') as occurred_at
    from json_each($asked)
)

select
    asked.no,
    intent.id,
    intent.plan,
    intent.state,
    min(intent.repeat_key <> asked.repeat_key) as is_older_name
from asked
inner join intent
    on
        intent.host = $host
        and asked.campaign_id = intent.campaign_id
        and asked.event_id = intent.event_id
        and asked.transaction_key = intent.transaction_key
where
    intent.state not in ('cancelled', 'rejected', 'absent')
    and (
        intent.repeat_key = asked.repeat_key
        or (
            asked.repeat_key <> ''
            and intent.occurred_at = asked.occurred_at
            and intent.repeat_key glob '[0-9]*.[0-9]*.[0-9]*'
        )
    )
group by asked.no;
