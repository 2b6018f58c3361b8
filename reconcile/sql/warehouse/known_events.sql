-- Sets a variable: spelling to name of the events that have several.
set variable known_events = (select map($spellings::varchar [], $names::varchar []))
