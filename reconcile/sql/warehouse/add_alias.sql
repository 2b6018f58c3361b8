-- One row: a change of what a spelling stands for.
insert into alias (dimension, spelling, known_name, said_by, changed_at)
values ($dimension, $spelling, $known_name, $said_by, $changed_at)
