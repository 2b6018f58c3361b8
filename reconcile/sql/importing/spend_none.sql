-- How amounts of cost and ad spend are read in a file without them. What needs no look is not even planned.
create or replace macro spent(x, comma, units) as null::decimal(18, 4);

create or replace macro spent_coin(x) as null::varchar;
