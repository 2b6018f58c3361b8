-- No plan can hold what another one holds or has sent; only what certainly was not stored is free.
create unique index intent_once
on intent (host, campaign_id, event_id, transaction_key, repeat_key)
where state not in ('cancelled', 'rejected', 'absent');
