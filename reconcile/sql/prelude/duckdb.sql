-- The same functions with the same contracts on every engine; this is the DuckDB form.
-- Each statement stands alone. No transpiler: a second engine gets a file of its own.

-- Lower case where only hexadecimal digits and dashes are left.
create or replace macro fold_hex(x) as
    case when regexp_full_match(x, '[0-9a-fA-F-]+') then lower(x) else x end;

-- Canonical id: white space and invisible characters out; case folded only where nothing but
-- hexadecimal digits and dashes is left; NULL when nothing is left. Printable ASCII is tested first,
-- because the replacing expression costs 2.5 times as much.
create or replace macro norm_key(x) as
    case
        when regexp_full_match(x, '[0-9a-f-]+') then x
        when regexp_full_match(x, '[!-~]*[G-Zg-z!-,./:-@\[-`{-~][!-~]*') then x
        else fold_hex(nullif(regexp_replace(x, '[\p{Z}\p{Cc}\p{Cf}]', '', 'g'), ''))
    end;

-- Loose id: lower case, letters and digits only, no leading zeros; NULL when nothing is left.
create or replace macro loose_key(x) as
    nullif(regexp_replace(regexp_replace(lower(x), '[^\p{L}\p{N}]', '', 'g'), '^0+', ''), '');

-- Two halves of the md5 of a text, 63 bits each, so that both are non-negative BIGINTs.
-- Shifting one md5_number is 15 times as fast as md5_number_upper and md5_number_lower.
create or replace macro key_hi(x) as (md5_number(x) >> 65)::bigint;

create or replace macro key_lo(x) as (md5_number(x) & 9223372036854775807::uhugeint)::bigint;

-- Local calendar day of a UTC time, given the interval by which the zone is ahead at that time.
create or replace macro local_day(utc, ahead) as (utc + ahead)::date;

-- Distance of two times in whole microseconds; NULL when either is unknown.
create or replace macro microseconds_between(a, b) as abs(epoch_us(a) - epoch_us(b));

-- A sum of integers as a decimal that every engine and Parquet keep exactly (a HUGEINT becomes a DOUBLE).
create or replace macro exact_sum(x) as sum(x)::decimal(30, 0);

-- Ten-thousandths as money. Multiplied, because dividing decimals gives a DOUBLE.
create or replace macro money_of(e4) as (e4 * 0.0001::decimal(4, 4))::decimal(38, 4);

-- True for an id that may identify a lead: it is there, and no placeholder (a fixed list, in any case).
-- All placeholders are short, so most ids are decided by their length. Trap: `in` becomes a join with
-- a table of the words, which every row pays for.
create or replace macro usable_id(norm) as
    case
        when strlen(norm) > 4 then true
        else coalesce(not contains(' 0 null none nan n/a na - test ', ' ' || lower(norm) || ' '), false)
    end;

-- Calendar day of a UTC time, in UTC.
create or replace macro utc_day(utc) as utc::date;

-- A status word as it is looked up.
create or replace macro status_key(x) as lower(trim(x));

-- A UTC time so many days of 24 hours earlier.
create or replace macro days_before(utc, days) as utc - to_days(days);

-- The last instant before a half-open end.
create or replace macro last_instant(utc) as utc - to_microseconds(1);

-- Flags of a row, sorted, `;` between them; NULL when there is none.
create or replace macro flag_list(a, b, c, d, e, f, g, h, i, j) as
    nullif(concat_ws(';', a, b, c, d, e, f, g, h, i, j), '');

-- Name of a bucket of the bridge: a class, and its reason if it has one.
create or replace macro bucket_name(class, reason) as
    case when reason is null then class else class || ':' || reason end;
