-- One row per change of what a spelling stands for; the newest row of a spelling counts, older ones are
-- history. known_name is null from where the alias was taken back, and the spelling itself where somebody
-- has said that it is a name of its own.
create table alias (
    number integer primary key autoincrement,
    dimension text not null check (dimension in ('buyer', 'campaign', 'event', 'source')),
    spelling text not null,
    known_name text,
    said_by text,
    changed_at text not null
) strict;
