-- How amounts are read at the first look where all that were seen are bare numbers with a decimal
-- point: what is no such number is read by amounts_any at the second look. Less is planned so, which
-- is most of the cost of a small file.
create or replace macro amount(x, comma, units) as
    case when regexp_full_match(x, '-?[0-9]{1,14}([.][0-9]{1,4})?') then try_cast(x as decimal(18, 4)) end;

create or replace macro coin_in(x) as null::varchar;

create or replace macro coins_in(texts) as []::varchar[];

create or replace macro currency_beside(coin, currency, coined) as currency;

create or replace macro clashes(a, b, c, more, currency) as false;
