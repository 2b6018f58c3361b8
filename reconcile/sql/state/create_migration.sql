-- One row per migration applied to this file.
create table if not exists migration (
    number integer primary key,
    name text not null,
    applied_at text not null
) strict;
