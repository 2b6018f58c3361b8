-- How amounts of cost and ad spend are read: as those of revenue.
create or replace macro spent(x, comma, units) as amount(x, comma, units);

create or replace macro spent_coin(x) as coin_in(x);
