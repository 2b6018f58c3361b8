-- One row per finding that a plan does not fire, in the order it was asked for.
select * from blocked_row where plan = $plan order by rowid;
