-- One row per finding that a pack asks its buyer about: its ref in the pack's run, its name in every run, and
-- what the pack calls it.
create table pack_finding (
    pack integer not null references pack (number),
    ref text not null,
    finding text not null,
    called text not null,
    primary key (pack, ref)
) strict, without rowid;
