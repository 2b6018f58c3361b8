-- One row per switch a person has set: stop, pause, rate.
create table control (
    name text primary key,
    value text not null,
    changed_at text not null,
    changed_by text not null
) strict;
