-- Finds the newest row of a spelling.
create index alias_key on alias (dimension, spelling, number);
