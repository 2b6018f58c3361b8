-- The queue: the next row to send is found without reading the others.
create index intent_queue on intent (plan, mode, state, next_at, id);
