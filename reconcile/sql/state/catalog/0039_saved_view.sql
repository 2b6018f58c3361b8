-- One row per view of findings that somebody keeps under a name: asked is JSON, the filter and the order.
-- Times are UTC text.
create table saved_view (
    name text primary key,
    asked text not null,
    saved_by text not null,
    saved_at text not null
) strict;
