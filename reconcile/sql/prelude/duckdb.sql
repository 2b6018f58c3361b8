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
        when regexp_full_match(x, '[!-~]*[G-Zg-z!-,./:-@\[-`{-~][!-~]*') then x
        when regexp_full_match(x, '[0-9a-f-]+') then x
        else fold_hex(nullif(regexp_replace(x, '[\p{Z}\p{Cc}\p{Cf}]', '', 'g'), ''))
    end;

-- Loose id: lower case, letters and digits only, no leading zeros; NULL when nothing is left.
create or replace macro loose_key(x) as
    nullif(regexp_replace(regexp_replace(lower(x), '[^\p{L}\p{N}]', '', 'g'), '^0+', ''), '');

-- Two halves of the md5 of a text, 63 bits each, so that both are non-negative BIGINTs.
-- Shifting one md5_number is 15 times as fast as md5_number_upper and md5_number_lower.
create or replace macro key_hi(x) as (md5_number(x) >> 65)::bigint;

create or replace macro key_lo(x) as (md5_number(x) & 9223372036854775807::uhugeint)::bigint;

-- Local calendar day of a UTC time, given the zone's offset in seconds at that time.
create or replace macro local_day(utc, offset_seconds) as
    (utc + to_seconds(offset_seconds))::date;

-- Distance of two times in whole microseconds; NULL when either is unknown.
create or replace macro microseconds_between(a, b) as abs(epoch_us(a) - epoch_us(b));

-- A sum of integers as a decimal that every engine and Parquet keep exactly.
create or replace macro exact_sum(x) as sum(x)::decimal(38, 0);

-- Ten-thousandths as money.
create or replace macro money_of(e4) as (e4::decimal(38, 4) / 10000)::decimal(18, 4);
