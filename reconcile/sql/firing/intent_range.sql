-- One row: the first and the last number of the postbacks of a plan; 1 and 0 where it has none.
select
    coalesce((select head.id from intent as head where head.plan = $plan order by head.id limit 1), 1) as first,
    coalesce((select max(tail.id) from intent as tail where tail.plan = $plan), 0) as last;
