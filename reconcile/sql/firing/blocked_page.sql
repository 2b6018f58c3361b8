-- One row per finding of a part of those that a plan does not fire, in the order they were asked for.
select * from blocked_row where plan = $plan order by rowid limit $count offset $skip;
