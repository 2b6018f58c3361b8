-- One row per commit that changed something; link is the SHA-256 of the link before and this row.
create table audit (
    id integer primary key autoincrement,
    at text not null,
    user text not null,
    action text not null,
    detail text not null,
    link text not null
) strict;
