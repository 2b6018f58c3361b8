-- Says that events are told apart by their spelling, where no alias of one is known.
create or replace macro known_event(name) as name
