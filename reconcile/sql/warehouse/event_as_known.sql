-- Says that events are told apart by the names that their spellings stand for.
create or replace macro known_event(name) as coalesce(getvariable('known_events')[name], name)
