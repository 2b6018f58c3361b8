-- How one cell becomes a value; each gives NULL where the text is not exactly of the form.
-- Trap: a cast rounds 1234.567 to two places and reads 1e3, so the pattern is checked first.

-- Whether a text begins and ends with a plain visible character: a tenth of a pattern's cost.
create or replace macro is_trim(x) as
    x >= '!' and x < chr(127) and x[-1] >= '!' and x[-1] <= '~';

-- Blanks of every kind off both ends; NULL when nothing is left. Plain text is tested first.
create or replace macro trimmed(x) as
    case
        when is_trim(x) then x
        else nullif(regexp_replace(x, '^[\p{Z}\p{Cc}\p{Cf}]+|[\p{Z}\p{Cc}\p{Cf}]+$', '', 'g'), '')
    end;

-- The same, and the words for "unknown" are NULL: for money and times, never for ids.
create or replace macro known(x) as
    case
        when x >= '0' and x < ':' and is_trim(x) then x
        when upper(trimmed(x)) in ('NULL', 'N/A', '-', '--', '∅') then null
        else trimmed(x)
    end;

-- What reports write where they have no id, as Google Ads and Looker do. The other words for none are
-- known to the matching, which keeps them apart by their spelling.
create or replace macro is_dash(x) as
    case when strlen(x) < 4 then trimmed(x) in ('--', '—', '–', '∅') else false end;

-- An id that a spreadsheet has rounded: 1.23E+15.
create or replace macro is_rounded(x) as
    case
        when not contains(x, '+') then false
        else regexp_full_match(x, '\s*-?[0-9]([.,][0-9]+)?[Ee][+][0-9]{2,3}\s*')
    end;

-- An id out of what keeps a spreadsheet from rounding it: ="00123", or an apostrophe before it.
create or replace macro unwrapped(x) as
    case
        when regexp_full_match(x, '\s*="[^"]*"\s*') then regexp_extract(x, '"([^"]*)"', 1)
        when regexp_full_match(x, '\s*''[^'']+') then trim(x)[2:]
        else x
    end;

-- Money in whole ten-thousandths; the wider type is needed, the product of the largest overflows.
-- Amounts below a billion fit into a machine word, at a fifth of the cost.
create or replace macro e4(x) as
    case
        when x > -1000000000 and x < 1000000000 then (x::decimal(13, 4) * 10000::decimal(5, 0))::bigint
        else (x::decimal(24, 4) * 10000)::bigint
    end;

-- An ISO time without a zone, or a date.
create or replace macro iso_local(x) as
    case
        when regexp_full_match(
            x,
            '(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?'
        ) then try_cast(x as timestamp)
    end;

-- The commonest form, 2026-11-01T12:33:44Z. At 20 characters no part of it can be short.
create or replace macro plain_iso(x) as
    case when strlen(x) = 20 and x between '1900' and '2200' then try_strptime(x, '%Y-%m-%dT%H:%M:%SZ') end;

-- The same with an offset, 2026-11-01T04:33:44-08:00, at a fifth of the cost of the patterns in zoned_iso. Trap:
-- %z takes -99:00, and +1500 without a colon.
create or replace macro plain_offset(x) as
    case
        when strlen(x) = 25 and x between '1900' and '2100' and x[-6] in ('+', '-') and x[-3] = ':'
            and x[-5:-4] between '00' and '14' and x[-2] < '6'
            then try_strptime(x, '%Y-%m-%dT%H:%M:%S%z') at time zone 'UTC'
    end;

-- Whether the clocks of a zone skip a local time; asked of the hours in which that can be.
create or replace macro is_skipped(x, zone, days) as
    case when list_contains(days, x::date) then timezone(zone, timezone(zone, x)) <> x else false end;

-- A local time of a named zone as UTC; NULL where its clocks skip it. `hours`, `days`: when that can be.
create or replace macro utc_in(zone, x, hours, days) as
    case
        when not list_contains(hours, hour(x)) then timezone(zone, x) at time zone 'UTC'
        when not is_skipped(x, zone, days) then timezone(zone, x) at time zone 'UTC'
    end;

-- An ISO time with Z or an offset, as UTC; coalesce looks at the other forms only where it must.
create or replace macro iso_utc(x) as coalesce(plain_iso(x), plain_offset(x), zoned_iso(x));

create or replace macro zoned_iso(x) as
    case
        when x[-1] = 'Z' and length(x) > 11 then iso_local(x[:-2])
        when regexp_full_match(x, '[^+]{16,26}[+-](0[0-9]|1[0-4]):[0-5][0-9]') then
            iso_local(x[:-7])
            - to_seconds(
                try_cast(x[-6] || '1' as integer)
                * (try_cast(x[-5:-4] as integer) * 3600 + try_cast(x[-2:] as integer) * 60)
            )
    end;

-- Unix seconds, as UTC.
create or replace macro unix_utc(x) as
    case
        when regexp_full_match(x, '[0-9]{9,10}([.][0-9]{1,6})?')
            then make_timestamp((try_cast(x as decimal(20, 6)) * 1000000)::bigint)
    end;

-- A time in a stated form. Trap: %Y reads 24 as the year 24, so the year is checked.
create or replace macro stated_time(x, form) as
    case
        when year(try_strptime(x, form)) between 1900 and 2199
            then try_strptime(x, form)::timestamptz at time zone 'UTC'
    end;

-- Seconds east of UTC of Pingtree's zone codes, which know no daylight saving (docs.pingtree.com).
create or replace macro code_offset(code) as
    case upper(trimmed(code))
        when 'UTC' then 0
        when 'AST' then -14400
        when 'EST' then -18000
        when 'CST' then -21600
        when 'MST' then -25200
        when 'PST' then -28800
        when 'AKST' then -32400
        when 'HST' then -36000
        when 'SST' then -39600
    end;

-- The unmapped cells of a row, and the cell of its id as it was written.
create or replace macro with_raw(extra, header, raw) as
    json_merge_patch(coalesce(extra::json, '{}'::json), json_object(header || ' (as written)', raw));

-- Why a row is not loaded: the column, the text of the cell, the reason.
create or replace macro fault(col, cell, why) as
    {'column_name': col, 'value': cell, 'reason': why};

-- An id that a spreadsheet has rounded, as a fault.
create or replace macro rounded(col, cell) as
    fault(
        col, cell,
        'id rounded by Excel: export it as text'
        || case when col = 'transaction_id' then ', or load the row without it: damaged_ids=keep' else '' end
    );

-- Why a time could not be placed. `zone`: the one in which it is missing, if it was stated.
create or replace macro zone_fault(code, zone) as
    case
        when code is null and zone is not null then 'no such local time: the clocks of ' || zone || ' skip it'
        when code is null then 'no zone code, and no zone was stated'
        else 'not one of Pingtree''s zone codes'
    end;

-- The place of the first cell that holds something, counted from 1.
create or replace macro filled_place(cells) as
    list_position(list_transform(cells, lambda x: coalesce(trimmed(x), '') <> ''), true);

-- The amounts of a row that are to be added, as text; NULL if it names none.
create or replace macro added_text(first_text, more) as
    nullif(trim(array_to_string(list_prepend(coalesce(first_text, ''), more), ' + '), ' +'), '');

-- The words for total and what may stand before them: the same as those of totals.py, in lower case.
create or replace macro total_pattern() as
    '[^\p{L}\p{N}_]*(?:(?:grand|sub|report|overall|page|running|final|net|gross)[ -]?)?'
    || '(?:totals?|sums?|summe|gesamt|gesamtsumme|gesamtbetrag|endsumme|zwischensumme|insgesamt|totale|'
    || 'totaal|suma|somme|total général|total general|soma|итого|всего|合計|总计)';

-- Whether a cell is a word for total, or begins with one, as in `Total (40 rows)`.
create or replace macro is_total(x) as
    regexp_full_match(lower(x), total_pattern() || '[\s\p{Z}]*[:=]?[\s\p{Z}]*');

create or replace macro is_total_of(x) as
    regexp_full_match(lower(x), total_pattern() || '(?s:[\s\p{Z}:(=].*)?');

-- The same of ids, as far as it may cost: the few words that are searched first take a tenth of the pattern.
create or replace macro begins_as_total(x) as
    case
        when contains(x, 'otal') or contains(x, 'OTAL') or contains(x, 'umm') or contains(x, 'esamt')
            or contains(x, 'ESAMT') or starts_with(x, 'Sum') or starts_with(x, 'SUM') or starts_with(x, 'sum')
            then is_total_of(x)
        else false
    end;

-- Whether the rows of a group differ in a value, unknown beside known included.
create or replace macro differs(x) as
    min(x) is distinct from max(x) or count(x) not in (0, count(*));

-- Whether the cells of a line without an id may be those of a total: one may hold a word for it, or all are
-- numbers. It says so of other lines too, never of too few: the second look decides.
create or replace macro may_be_total(cells) as
    regexp_matches(lower(array_to_string(cells, ' ')), 'tota|sum|som|gesamt|итого|всего|合計|总计')
    or not regexp_matches(array_to_string(cells, ' '), '[^$€£(0-9.,)\s\p{Z}\p{C}-]');

-- Whether a line may be no data, told by its id alone: it names no lead, or what may be a count.
-- `timed`: the line has a time that begins as one, which no total has; `bare`: no time at all. Never NULL.
-- A case, because `and` computes all its parts for all rows.
-- A line with a time lacks its id often enough that it is told here from a total.
create or replace macro is_suspect(id, id_header, timed, bare, cells) as
    case
        when id is null and timed then may_be_total(cells)
        when id is null or id = id_header then true
        when bare and names_no_lead(id) then true
        when strlen(id) >= 24
            -- So long a label has blanks.
            then case when contains(id, ' ') then begins_as_total(id) else false end
        when id >= 'A' then begins_as_total(id)
        when strlen(id) < 8 and id < ':' then not timed
        else false
    end;

-- Whether an id is rather a label: it has a blank or no digit.
create or replace macro names_no_lead(id) as
    contains(id, ' ') or not regexp_matches(id, '[0-9]');

-- What a line is that is no data: blank, the header again, or a total; NULL for data. A total names
-- no lead (its id is blank, the word itself, or a count behind it in a line without a time) and holds a
-- word for total, so that a buyer called Total loses no row.
create or replace macro line_class(id, time, texts, headers) as
    case
        when len(list_filter(texts, lambda x: x <> '')) = 0 then 'blank'
        when texts = headers then 'repeated_header'
        when id is null and len(list_filter(texts, lambda x: is_total(x))) > 0 then 'total'
        when is_total_of(id) then 'total'
        when id is null
            and len(list_filter(texts, lambda x: not regexp_full_match(x, '[$€£(-]*[0-9][0-9.,]*[)-]?|'))) = 0
            then 'total'
        when regexp_full_match(id, '[0-9]{1,7}') and known(time) is null
            and is_total(list_filter(texts, lambda x: x <> '')[1])
            then 'total'
    end;
