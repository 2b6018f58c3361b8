-- No plan can hold what another one holds or has sent; only what certainly was not stored is free.
-- The lead comes first: with host and campaign before it, which nearly all have in common, a million
-- rows take a sixth longer to write.
create unique index intent_once
on intent (transaction_key, event_id, campaign_id, host, repeat_key)
where state not in ('cancelled', 'rejected', 'absent');
