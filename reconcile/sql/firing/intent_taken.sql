-- At most one row: the postback that holds the place of one asked for, in whatever plan.
select id, plan, state from intent
where
    host = $host and campaign_id = $campaign_id and event_id = $event_id
    and transaction_key = $transaction_key and repeat_key = $repeat_key
    and state not in ('cancelled', 'rejected', 'absent');
