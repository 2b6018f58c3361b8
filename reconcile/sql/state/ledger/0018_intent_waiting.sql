-- What waits for its host is found at once, however long the ledger is.
create index intent_waiting on intent (host, reason) where state = 'retryable';
