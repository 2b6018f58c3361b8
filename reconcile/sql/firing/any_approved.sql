-- At most one row: a postback that was never sent is left.
select 1 as one from intent where plan = $plan and mode = $mode and state = 'approved' limit 1;
