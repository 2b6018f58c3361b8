-- At most one row: the postback that holds the place of one asked for, in whatever plan.
-- Trap: first releases named a repeat by hashes, as 12.34.1, which no later one can make again: of
-- those any of the same time holds the place, because twice is worse than not yet.
select id, plan, state from intent
where
    host = $host and campaign_id = $campaign_id and event_id = $event_id
    and transaction_key = $transaction_key
    and (
        repeat_key = $repeat_key
        or ($repeat_key <> '' and occurred_at = $occurred_at and repeat_key glob '[0-9]*.[0-9]*.[0-9]*')
    )
    and state not in ('cancelled', 'rejected', 'absent')
order by repeat_key <> $repeat_key
limit 1;
