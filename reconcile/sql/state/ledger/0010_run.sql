-- One row per firing process that held the ledger; ended_at stays null if it was killed.
create table run (
    id integer primary key autoincrement,
    plan integer not null references plan (id),
    process integer not null,
    started_at text not null,
    ended_at text,
    ended_by text
) strict;
