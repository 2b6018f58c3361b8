-- One row per time a postback was taken to be sent; answered_at is null until it is settled.
-- answer is at most the first 2 KiB.
create table attempt (
    id integer primary key autoincrement,
    intent integer not null references intent (id),
    run integer not null references run (id),
    taken_at text not null,
    answered_at text,
    state text,
    reason text,
    status integer,
    answer blob
) strict;
