-- How a time that is not written as ISO becomes a value: exactly of its form, or NULL. A form is a
-- parameter of the column, never chosen per value.

-- The clock behind a date, if there is one: 10:30, 10:30:15.5, 1:30 PM, and a zone: Z, PST, -08:00.
create or replace macro clock_pattern() as
    '(?:(?:,? {1,2}|T)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})([.,][0-9]{1,6})?)?'
    || '(?:[ \x{A0}\x{202F}]?([AaPp])[.]?[Mm][.]?)?'
    || '(?: ?((?:UTC|GMT)?[+-][0-9]{2}:?[0-9]{2}|[A-Z]{1,5}))?)?$';

-- A date of three numbers: what stands in it, blank texts where it is none.
create or replace macro numbers_in(x) as
    regexp_extract(
        x,
        '^([0-9]{1,4})([-/.])([0-9]{1,2})([-/.])([0-9]{1,4})' || clock_pattern(),
        ['a', 's', 'b', 't', 'c', 'hour', 'minute', 'second', 'part', 'half', 'zone']
    );

-- A date with the name of its month, day first: 4 Mar 2025, Tue, 04-March-25.
create or replace macro day_name_in(x) as
    regexp_extract(
        x,
        '^(?:[A-Z][a-z]{2,8},? )?([0-9]{1,2})(?:st|nd|rd|th|[.])?[-/ ]{0,2}([A-Za-z]{3,9})[.]?,?[-/ ]{0,2}'
        || '([0-9]{4}|[0-9]{2})' || clock_pattern(),
        ['a', 'b', 'c', 'hour', 'minute', 'second', 'part', 'half', 'zone']
    );

-- The same, month first, with the year in full: Mar 4, 2025.
create or replace macro name_day_in(x) as
    regexp_extract(
        x,
        '^(?:[A-Z][a-z]{2,8},? )?([A-Za-z]{3,9})[.]?[- ]?([0-9]{1,2})(?:st|nd|rd|th)?,?[- ]{1,2}([0-9]{4})'
        || clock_pattern(),
        ['b', 'a', 'c', 'hour', 'minute', 'second', 'part', 'half', 'zone']
    );

-- Digits without marks: 20250304, 20250304103015.
create or replace macro digits_in(x) as
    regexp_extract(
        x,
        '^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?:[T ]?([0-9]{2})([0-9]{2})([0-9]{2})?)?(Z)?$',
        ['c', 'b', 'a', 'hour', 'minute', 'second', 'zone']
    );

-- The number of a month's name, as text; NULL for any other word.
create or replace macro month_number(word) as
    case
        when lower(word) in ('jan', 'january', 'feb', 'february', 'mar', 'march', 'apr', 'april', 'may',
                'jun', 'june', 'jul', 'july', 'aug', 'august', 'sep', 'sept', 'september', 'oct', 'october',
                'nov', 'november', 'dec', 'december')
            then (strpos('janfebmaraprmayjunjulaugsepoctnovdec', lower(word[1:3])) // 3 + 1)::varchar
    end;

-- A year of four digits, or of two: 69 is 1969, 68 is 2068, as POSIX has it.
create or replace macro full_year(y) as
    case
        when strlen(y) = 4 and y between '1900' and '2199' then y
        when strlen(y) = 2 and y < '69' then '20' || y
        when strlen(y) = 2 then '19' || y
    end;

-- The clock of a date's parts as text; NULL where 13 PM or 0 AM is meant to be one.
create or replace macro clock_of(p) as
    case
        when p.hour = '' then '00:00:00'
        when p.half = '' and try_cast(p.hour as integer) < 24
            then p.hour || ':' || p.minute || ':' || case p.second when '' then '00' else p.second end
            || replace(p.part, ',', '.')
        when try_cast(p.hour as integer) between 1 and 12
            then (try_cast(p.hour as integer) % 12 + case when upper(p.half) = 'P' then 12 else 0 end)::varchar
            || ':' || p.minute || ':' || case p.second when '' then '00' else p.second end
            || replace(p.part, ',', '.')
    end;

-- A date from its texts, and a clock behind it; NULL where there is no such day or hour.
create or replace macro time_from(y, m, d, clock) as
    try_cast(full_year(y) || '-' || m || '-' || d || ' ' || clock as timestamp);

-- What parts the numbers of a date, y behind it where the year has two digits; blank for no date.
create or replace macro mark_of(p) as
    case when p.s <> '' and greatest(strlen(p.a), strlen(p.c)) < 3 then p.s || 'y' else p.s end;

-- The numbers of a date taken in one order. Trap: the texts of no date are blank, not NULL.
create or replace macro ordered_time(p, form) as
    case
        when p.s <> p.t or p.a = '' then null
        when form = 'ymd'
            then case
                when strlen(p.a) in (2, 4) and strlen(p.c) <= 2 then time_from(p.a, p.b, p.c, clock_of(p))
            end
        when strlen(p.a) > 2 or strlen(p.c) not in (2, 4) then null
        when form = 'dmy' then time_from(p.c, p.b, p.a, clock_of(p))
        when form = 'mdy' then time_from(p.c, p.a, p.b, clock_of(p))
    end;

-- A date with the name of its month.
create or replace macro named_time(p) as
    time_from(p.c, month_number(p.b), p.a, clock_of(p));

-- A date of digits alone.
create or replace macro digits_time(p) as
    time_from(
        p.c, p.b, p.a,
        case when p.hour = '' then '00:00:00'
            when p.hour < '24'
                then p.hour || ':' || p.minute || ':' || case p.second when '' then '00' else p.second end end
    );

-- Seconds east of UTC of the zone that a cell names; NULL for none, and for one that is not known.
create or replace macro zone_seconds(z) as
    case
        when regexp_full_match(z, '(UTC|GMT)?[+-](0[0-9]|1[0-4]):?[0-5][0-9]') then
            case when contains(z, '-') then -1 else 1 end
            * (try_cast(regexp_extract(z, '[+-]([0-9]{2})', 1) as integer) * 3600
                + try_cast(z[-2:] as integer) * 60)
        else map(
            ['Z', 'UTC', 'GMT', 'PST', 'PDT', 'MST', 'MDT', 'CST', 'CDT', 'EST', 'EDT', 'AKST', 'AKDT', 'HST',
                'AST', 'ADT', 'SST', 'WET', 'WEST', 'CET', 'CEST', 'EET', 'EEST'],
            [0, 0, 0, -28800, -25200, -25200, -21600, -21600, -18000, -18000, -14400, -32400, -28800, -36000,
                -14400, -10800, -39600, 0, 3600, 3600, 7200, 7200, 10800]
        )[z]
    end;

-- A time beside the zone that its cell names: `zoned` columns must name one, others must not.
create or replace macro settled(local_time, z, zoned) as
    case
        when zoned then local_time - to_seconds(zone_seconds(z))
        when z = '' then local_time
    end;

-- Days since 1899-12-30 as a spreadsheet counts them, to the second.
create or replace macro serial_time(x) as
    case
        when regexp_full_match(x, '[2-7][0-9]{4}([.,][0-9]{1,15})?') then
            timestamp '1899-12-30' + to_days(try_cast(x[:5] as integer))
            + to_seconds(round(try_cast('0.' || coalesce(nullif(x[7:], ''), '0') as decimal(30, 15)) * 86400)::integer)
    end;

-- Unix milliseconds, as UTC.
create or replace macro unix_ms_utc(x) as
    case when regexp_full_match(x, '[0-9]{13}') then make_timestamp(try_cast(x as bigint) * 1000) end;

-- An order of numbers in words.
create or replace macro form_words(form) as
    case form when 'dmy' then 'day first' when 'mdy' then 'month first' when 'ymd' then 'year first' end;
