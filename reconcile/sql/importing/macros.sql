-- How one cell becomes a value; each gives NULL where the text is not exactly of the form.
-- Trap: a cast rounds 1234.567 to two places and reads 1e3, so the pattern is checked first.

-- Blanks of every kind off both ends; NULL when nothing is left. Plain text is tested first.
create or replace macro trimmed(x) as
    case
        when regexp_full_match(x, '[!-~]([ -~]*[!-~])?') then x
        else nullif(regexp_replace(x, '^[\p{Z}\p{Cc}\p{Cf}]+|[\p{Z}\p{Cc}\p{Cf}]+$', '', 'g'), '')
    end;

-- The same, and the words for "unknown" are NULL: for money and times, never for ids.
create or replace macro known(x) as
    case
        when regexp_full_match(x, '[0-9]([ -~]*[!-~])?') then x
        when upper(trimmed(x)) in ('NULL', 'N/A', '-') then null
        else trimmed(x)
    end;

-- An id that a spreadsheet has rounded: 1.23E+15.
create or replace macro is_rounded(x) as
    contains(x, 'E+') and regexp_full_match(x, '\s*-?[0-9]([.,][0-9]+)?E[+][0-9]{2,3}\s*');

-- The digits of an amount, sign first, point as decimal mark.
create or replace macro digits_of(x, strange) as
    case when regexp_matches(x, '[-(]') then '-' else '' end
    || replace(regexp_replace(x, strange, '', 'g'), ',', '.');

-- An amount in the form 1,234.50, with brackets or a minus for negative, and a currency sign.
create or replace macro point_amount(x) as
    case
        when regexp_full_match(x, '-?[0-9]{1,14}([.][0-9]{1,4})?') then try_cast(x as decimal(18, 4))
        when regexp_full_match(
            x,
            '(-?[$€£]? ?N|[$€£] ?-N|[$€£]? ?N ?-|\([$€£]? ?N\)|-?N ?[$€£])'
            .replace('N', '([0-9]{1,14}|[0-9]{1,3}(,[0-9]{3}){1,4})([.][0-9]{1,4})?')
        ) then try_cast(digits_of(x, '[^0-9.]') as decimal(18, 4))
    end;

-- The same in the form 1.234,50.
create or replace macro comma_amount(x) as
    case
        when regexp_full_match(
            x,
            '(-?[$€£]? ?N|[$€£] ?-N|[$€£]? ?N ?-|\([$€£]? ?N\)|-?N ?[$€£])'
            .replace('N', '([0-9]{1,14}|[0-9]{1,3}([.][0-9]{3}){1,4})(,[0-9]{1,4})?')
        ) then try_cast(digits_of(x, '[^0-9,]') as decimal(18, 4))
    end;

-- An ISO time without a zone, or a date.
create or replace macro iso_local(x) as
    case
        when regexp_full_match(
            x,
            '(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?'
        ) then try_cast(x as timestamp)
    end;

-- An ISO time with Z or an offset, as UTC.
create or replace macro iso_utc(x) as
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

-- Why a row is not loaded: the column, the text of the cell, the reason.
create or replace macro fault(col, cell, why) as
    {'column_name': col, 'value': cell, 'reason': why};

-- Why a text is no time of its column's form.
create or replace macro time_fault(x, form) as
    case
        when form = 'iso_local' and iso_utc(x) is not null
            then 'a time with a zone in a column of times without one'
        when form = 'iso_utc' and iso_local(x) is not null
            then 'a time without a zone in a column of times with one'
        when regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}.*') then 'no such date or time'
        else 'not a time of the form of its column'
    end;

-- Why a text is no amount.
create or replace macro amount_fault(x, comma) as
    case
        when regexp_full_match(x, '[^.,]*[.][0-9]{5,}[^.,0-9]*')
            then 'more than four decimals; amounts are never rounded'
        when not comma and comma_amount(x) is not null
            then 'a decimal comma; state decimal = "," in the mapping if that is meant'
        when comma and point_amount(x) is not null
            then 'a decimal point, but the mapping states decimal = ","'
        else 'not an amount'
    end;

-- Whether a cell is a word for total.
create or replace macro is_total(x) as
    rtrim(lower(trim(x)), ':') in (
        'total', 'totals', 'grand total', 'grand totals', 'subtotal', 'sub total', 'sub-total',
        'sum', 'summe', 'gesamt', 'gesamtsumme', 'total général'
    );
