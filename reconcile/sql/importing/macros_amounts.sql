-- How a cell becomes an amount: exactly of the form, or NULL. The decimal mark is the column's.
-- Trap: a cast rounds 1234.567 to two places and reads 1e3, so the pattern is checked first.

-- What names a currency: a code, or a sign before or behind the number.
create or replace macro coin_pattern() as
    '(US\$|CA\$|AU\$|NZ\$|HK\$|MX\$|[ACRS]\$|[$€£¥₹₺₪₩₫₦]|zł|Kč|kr|Fr[.]|[A-Za-z]{3})';

-- A number with a sign, brackets and a currency around it.
create or replace macro amount_pattern(number) as
    (
        '[-+−]?{c}?{b}?{n}|{c}{b}?[-−]{n}|[-+−]?{n}{b}?{c}|{c}?{b}?{n}{b}?[-−]'
        || '|\({c}?{b}?{n}\)|\({n}{b}?{c}\)|{c}{b}?\({n}\)|\({n}\){b}?{c}'
    ).replace('{b}', '[ \x{A0}\x{202F}]').replace('{c}', coin_pattern()).replace('{n}', number);

-- The currency that an amount names: a code; the sign alone where it stands for several currencies;
-- ? where nobody knows it; NULL for none.
create or replace macro coin_of(x) as
    case upper(regexp_extract(x, coin_pattern()))
        when '' then null
        when '$' then '$' when '¥' then '¥' when 'KR' then 'kr' when '£' then 'GBP' when '€' then 'EUR'
        when 'US$' then 'USD' when 'CA$' then 'CAD' when 'C$' then 'CAD' when 'AU$' then 'AUD' when 'A$' then 'AUD'
        when 'NZ$' then 'NZD' when 'HK$' then 'HKD' when 'S$' then 'SGD' when 'MX$' then 'MXN' when 'R$' then 'BRL'
        when '₹' then 'INR' when '₺' then 'TRY' when '₪' then 'ILS' when '₩' then 'KRW' when '₫' then 'VND'
        when '₦' then 'NGN' when 'ZŁ' then 'PLN' when 'KČ' then 'CZK' when 'FR.' then 'CHF'
        else case
                when contains(
                    ' USD EUR GBP CAD AUD NZD CHF SEK NOK DKK ISK PLN CZK HUF RON BGN TRY ILS ZAR NGN KES AED SAR INR'
                    || ' PKR BDT LKR JPY CNY KRW TWD HKD SGD MYR THB IDR PHP VND MXN BRL ARS CLP COP PEN UAH EGP MAD ',
                    ' ' || upper(regexp_extract(x, coin_pattern())) || ' '
                ) then upper(regexp_extract(x, coin_pattern()))
                else '?'
            end
    end;

-- Whether an amount whose sign stands for several currencies can be in one of them.
create or replace macro is_coin(sign, code) as
    case sign
        when '$' then code in ('USD', 'CAD', 'AUD', 'NZD', 'HKD', 'SGD', 'MXN', 'TWD', 'ARS', 'CLP', 'COP')
        when '¥' then code in ('JPY', 'CNY')
        when 'kr' then code in ('SEK', 'NOK', 'DKK', 'ISK')
        else sign = code
    end;

-- The digits of an amount, sign first, point as decimal mark. `strange`: what is left out.
create or replace macro digits_of(x, strange) as
    case when regexp_matches(x, '[-−(]') then '-' else '' end
    || replace(regexp_replace(x, strange, '', 'g'), ',', '.');

-- Thousands that a blank or an apostrophe parts, as either form may have.
create or replace macro parted_thousands() as
    '|[1-9][0-9]{0,2}([ \x{A0}\x{202F}\x{2009}][0-9]{3}){1,4}|[1-9][0-9]{0,2}([''’][0-9]{3}){1,4}';

-- An amount in the form 1,234.50, 1 234.50 or 1'234.50.
create or replace macro point_amount(x) as
    case
        when regexp_full_match(x, '-?[0-9]{1,14}([.][0-9]{1,4})?') then try_cast(x as decimal(18, 4))
        when regexp_full_match(
            x,
            amount_pattern(
                '(([0-9]{1,14}|[1-9][0-9]{0,2}(,[0-9]{3}){1,4}' || parted_thousands()
                || ')([.][0-9]{1,4})?|[.][0-9]{1,4})'
            )
        ) and coin_of(x) is distinct from '?'
            then try_cast(digits_of(regexp_replace(x, 'Fr[.]', ''), '[^0-9.]') as decimal(18, 4))
    end;

-- The same in the form 1.234,50, 1 234,50 or 1'234,50.
create or replace macro comma_amount(x) as
    case
        when regexp_full_match(x, '-?[0-9]{1,14}(,[0-9]{1,4})?')
            then try_cast(replace(x, ',', '.') as decimal(18, 4))
        when regexp_full_match(
            x,
            amount_pattern(
                '(([0-9]{1,14}|[1-9][0-9]{0,2}([.][0-9]{3}){1,4}' || parted_thousands()
                || ')(,[0-9]{1,4})?|,[0-9]{1,4})'
            )
        ) and coin_of(x) is distinct from '?'
            then try_cast(digits_of(x, '[^0-9,]') as decimal(18, 4))
    end;

-- Whole micros or cents as units; NULL where four decimals cannot hold them.
create or replace macro small_units(x, units) as
    case
        when regexp_full_match(x, '-?[0-9]{1,17}') and (try_cast(x as hugeint) * 10000) % units = 0
            then try_cast((try_cast(x as hugeint) * 10000 // units) * 0.0001::decimal(5, 4) as decimal(18, 4))
    end;

-- Why a text is no amount.
create or replace macro amount_fault(x, comma, units) as
    case
        when contains(x, '%') then 'a percentage, not an amount'
        when units > 1 and regexp_full_match(x, '-?[0-9]{1,17}')
            then 'more than four decimals; amounts are never rounded'
        when units > 1 then 'not a whole number of ' || case units when 100 then 'cents' else 'micros' end
        when regexp_full_match(x, '[^.,]*[.][0-9]{5,}[^.,0-9]*')
            or (comma and regexp_full_match(x, '[^.,]*,[0-9]{5,}[^.,0-9]*'))
            then 'more than four decimals; amounts are never rounded'
        when not comma and comma_amount(x) is not null
            then 'a decimal comma; state decimal = "," in the mapping if that is meant'
        when comma and point_amount(x) is not null
            then 'a decimal point, but the amounts of the file have a decimal comma'
        when coin_of(x) = '?' then 'not an amount, or in a currency that is not known'
        else 'not an amount'
    end;
