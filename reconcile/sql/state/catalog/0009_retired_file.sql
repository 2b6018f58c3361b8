-- One row per file whose rows are in a pack by now; it is removed when no reader can need it any more.
-- The path is below the warehouse, the time UTC text.
create table retired_file (
    path text primary key,
    retired_at text not null
) strict;
