-- How the cells of any text are cleaned.
create or replace macro cell(x) as trimmed(x);

create or replace macro known_cell(x) as known(x);

create or replace macro norm_id_of(x) as norm_key(x);
