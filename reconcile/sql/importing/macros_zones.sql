-- Where the clocks show what a word for standard time names, and in summer the time of its other word;
-- NULL for all other words.
create or replace macro zone_place(z) as
    map(
        ['PST', 'MST', 'CST', 'EST', 'AKST', 'AST', 'WET', 'CET', 'EET'],
        ['America/Los_Angeles', 'America/Denver', 'America/Chicago', 'America/New_York', 'America/Anchorage',
            'America/Halifax', 'Europe/Lisbon', 'Europe/Berlin', 'Europe/Helsinki']
    )[z];

-- The same of a word for the time in summer.
create or replace macro summer_place(z) as
    map(
        ['PDT', 'MDT', 'CDT', 'EDT', 'AKDT', 'ADT', 'WEST', 'CEST', 'EEST'],
        ['America/Los_Angeles', 'America/Denver', 'America/Chicago', 'America/New_York', 'America/Anchorage',
            'America/Halifax', 'Europe/Lisbon', 'Europe/Berlin', 'Europe/Helsinki']
    )[z];

-- Whether the clocks of a word's place do not show it at a local time: it is summer there.
create or replace macro is_summer(local_time, z) as
    epoch(local_time - (timezone(zone_place(z), local_time) at time zone 'UTC')) <> zone_seconds(z);
