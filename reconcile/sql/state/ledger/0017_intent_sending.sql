-- What a killed process left behind is found at once, however long the ledger is.
create index intent_sending on intent (id) where state = 'sending';
