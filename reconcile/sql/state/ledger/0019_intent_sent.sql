-- What was sent in a day is found without reading the others.
create index intent_sent on intent (sent_at) where sent_at is not null;
