-- One row per change of an event's settings; the newest row of a key counts, older ones are history.
create table event_setting (
    number integer primary key autoincrement,
    campaign_id text not null,
    event_id text not null,
    name text,
    is_conversion text not null check (is_conversion in ('yes', 'no', 'unknown')),
    allows_duplicates text not null check (allows_duplicates in ('yes', 'no', 'unknown')),
    position integer,
    changed_at text not null
) strict;
