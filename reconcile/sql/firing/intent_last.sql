-- One row: the number of the newest postback, 0 for none.
select coalesce(max(id), 0) as id from intent;
