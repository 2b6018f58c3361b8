-- What was sent without a date is found without reading all other postbacks.
create index intent_undated on intent (state) where path = '/api/event/trigger';
