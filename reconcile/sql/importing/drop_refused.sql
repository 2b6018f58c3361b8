-- Takes the rows with a fault out of the typed ones; left in: all others.
delete from typed
where fault is not null
