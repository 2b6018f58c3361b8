-- One row per dispute pack that was made, in the order in which they were; its files are the user's.
-- seal is the sha256 of its manifest, which names the seal of the pack before. Times are UTC text.
create table pack (
    number integer primary key autoincrement,
    id text not null unique,
    run text not null,
    buyer text not null,
    seal text not null,
    made_by text not null,
    made_at text not null
) strict;
