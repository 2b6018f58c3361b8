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

-- A time as a whole number of microseconds.
create or replace macro microseconds_of(x) as epoch_us(x);

-- The time that is so many whole microseconds after 1970.
create or replace macro time_at(microseconds) as make_timestamp(microseconds);

-- A sum of integers as a decimal that every engine and Parquet keep exactly (a HUGEINT becomes a DOUBLE).
create or replace macro exact_sum(x) as sum(x)::decimal(30, 0);

-- Ten-thousandths as money. Multiplied, because dividing decimals gives a DOUBLE.
create or replace macro money_of(e4) as (e4 * 0.0001::decimal(4, 4))::decimal(38, 4);

-- Whether an id is a number in the short form of a spreadsheet, 1.23457E+17: its last digits are gone, so
-- that it stands for many ids and identifies none.
-- A case, because `and` computes all its parts for all rows.
create or replace macro is_exponent(x) as
    case
        when not contains(x, '+') then false
        else regexp_full_match(x, '-?[0-9]([.,][0-9]+)?[Ee][+][0-9]{2,3}')
    end;

-- True for an id that may identify a lead: it is there, and no placeholder (a fixed list, in any case).
-- All placeholders are short, so most ids are decided by their length. Trap: `in` becomes a join with
-- a table of the words, which every row pays for. A number in its short form is no id either.
create or replace macro usable_id(norm) as
    case
        when strlen(norm) > 4 then not is_exponent(norm)
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

-- Whether a row has a flag; no flags are none.
create or replace macro has_flag(flags, flag) as
    coalesce(contains(';' || flags || ';', ';' || flag || ';'), false);

-- Name of a bucket of the bridge: a class, and its reason if it has one.
create or replace macro bucket_name(class, reason) as
    case when reason is null then class else class || ':' || reason end;

-- A number by its leading digits and the power of ten of the first, as text: 1.23E+17 is `number 123 17`.
create or replace macro number_shape(digits, power) as
    case when digits between '1' and ':' and strlen(digits) < 16 then 'number ' || digits || ' ' || power end;

-- A month and a day, or a month and the last two digits of a year, as text: 1-Dec is `date 12 1`.
create or replace macro date_shape(month, number) as
    case when month between 1 and 12 then 'date ' || month || ' ' || number % 100 end;

-- Number of a month by the first three letters of its English name.
create or replace macro named_month(name) as
    (strpos('janfebmaraprmayjunjulaugsepoctnovdec', lower(name[:3])) + 2) // 3;

-- Trap: what stands behind `then` is not kept from other texts, so no cast in here may fail.
-- What a spreadsheet has made of a canonical id: a number that lost digits (1.23457E+17, or zeros behind the
-- fifteenth digit) or a date (1-Dec, Dec-05). NULL where it shows no damage.
create or replace macro damage_of(x) as
    case
        when is_exponent(x)
            then number_shape(
                regexp_replace(split_part(upper(x), 'E', 1), '[.,]', ''),
                try_cast(split_part(x, '+', 2) as integer)
            )
        when strlen(x) > 15 and regexp_full_match(x, '[1-9][0-9]{14}0+')
            then number_shape(x[:15], strlen(x) - 1)
        when strlen(x) not between 5 and 6 or not contains(x, '-') then null
        when regexp_full_match(lower(x), '[0-9]{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)')
            then date_shape(named_month(split_part(x, '-', 2)), try_cast(split_part(x, '-', 1) as integer))
        when regexp_full_match(lower(x), '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-[0-9]{2}')
            then date_shape(named_month(x), try_cast(split_part(x, '-', 2) as integer))
    end;

-- Whether it may show such damage: cheap, so that few ids are looked into.
create or replace macro may_be_damaged(x) as
    contains(x, '+') or (strlen(x) > 15 and suffix(x, '0')) or (strlen(x) between 5 and 6 and contains(x, '-'));

-- How many digits a damaged number shows; NULL where it is a date.
create or replace macro damage_digits(damage) as
    case when starts_with(damage, 'number') then strlen(split_part(damage, ' ', 2)) end;

-- Digits of an id that a spreadsheet takes for a number, without leading zeros: of 0042 and of 42E7 it is 42.
create or replace macro number_digits(x) as
    case
        when x between '0' and ':' and regexp_full_match(x, '0*[1-9][0-9]*([Ee][0-9]{1,3})?')
            then regexp_extract(x, '^0*([0-9]+)', 1)
    end;

-- Power of ten of the first of these digits.
create or replace macro number_power(x) as
    strlen(number_digits(x)) - 1 + coalesce(try_cast(regexp_extract(x, '[Ee]([0-9]{1,3})$', 1) as integer), 0);

-- So many leading digits of an id that is a number, rounded half up. 99.5 in two digits is 1.0E+2.
create or replace macro rounded_digits(x, digits) as
    try_cast(substr(number_digits(x) || '0000000000000000', 1, digits) as bigint)
    + case when substr(number_digits(x) || '0000000000000000', digits + 1, 1) >= '5' then 1 else 0 end;

-- What a spreadsheet shows of an id that it takes for a number, in so many digits.
create or replace macro shown_number(x, digits) as
    number_shape(
        substr(rounded_digits(x, digits)::varchar, 1, digits),
        number_power(x) + strlen(rounded_digits(x, digits)::varchar) - digits
    );

-- The same number cut off behind its fifteenth digit, which is what a spreadsheet keeps of it.
create or replace macro cut_number(x) as
    number_shape(substr(number_digits(x) || '00000000000000', 1, 15), number_power(x));

-- What a spreadsheet shows of an id that it takes for a date by the name of its month: DEC1, 1-Dec, MARCH2005.
create or replace macro named_date(x) as
    case
        when strlen(x) > 13 then null
        when regexp_full_match(
            lower(x),
            '(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?'
            '|nov(ember)?|dec(ember)?)[-/.]?([0-9]{1,2}|[0-9]{4})'
        )
            then date_shape(named_month(x), try_cast(regexp_extract(x, '[0-9]+$') as integer))
        when regexp_full_match(
            lower(x),
            '([0-9]{1,2}|[0-9]{4})[-/.]?(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?'
            '|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)'
        )
            then date_shape(
                named_month(regexp_extract(x, '[a-zA-Z]+')),
                try_cast(regexp_extract(x, '^[0-9]+') as integer)
            )
    end;

-- The same by numbers, 12-1 or 2005/3; the month is the first of the two, or the second.
create or replace macro numbered_date(x, month_place) as
    case
        when strlen(x) > 9 then null
        when regexp_full_match(x, '([0-9]{1,2}|[0-9]{4})[-/]([0-9]{1,2}|[0-9]{4})')
            then date_shape(
                try_cast(regexp_split_to_array(x, '[-/]')[month_place] as integer),
                try_cast(regexp_split_to_array(x, '[-/]')[3 - month_place] as integer)
            )
    end;
