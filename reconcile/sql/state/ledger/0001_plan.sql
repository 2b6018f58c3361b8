-- One row per plan; approved_* stay null until a person types the phrase of exactly this hash.
-- Times are UTC text; sums is JSON, an exact decimal text per currency.
create table plan (
    id integer primary key autoincrement,
    hash text not null,
    host text not null,
    rows integer not null,
    sums text not null,
    phrase text not null,
    made_at text not null,
    made_by text not null,
    approved_hash text,
    approved_at text,
    approved_by text
) strict;
