-- How amounts of any form are read, with what they say of their currency.
create or replace macro amount(x, comma, units) as
    case
        when units > 1 then small_units(x, units)
        when comma then comma_amount(x)
        else point_amount(x)
    end;

-- The currency that an amount names; a bare number, which is told at little cost, names none.
create or replace macro coin_in(x) as
    case when not (x >= '0' and x < ':' and x[-1] >= '0' and x[-1] <= '9') then coin_of(x) end;

-- The currencies that several amounts name.
create or replace macro coins_in(texts) as
    list_filter(list_transform(texts, lambda x: coin_of(x)), lambda x: x is not null);

-- The currency of a row beside the one that its amount names, which goes before one that was stated for
-- rows that name none. A sign that stands for several currencies names none.
create or replace macro currency_beside(coin, currency, coined) as
    case
        when coin is null or coin in ('$', '¥', 'kr') or (currency is not null and not coined) then currency
        else coin
    end;

-- Whether an amount is known to be in another currency than its row.
create or replace macro clashes(a, b, c, more, currency) as
    case
        when a is null and b is null and c is null and len(more) = 0 then false
        else len(list_filter(list_concat([a, b, c], more), lambda x: is_coin(x, currency) is false)) > 0
    end;
