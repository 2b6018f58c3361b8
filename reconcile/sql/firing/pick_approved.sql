-- At most one row: the next postback that was never sent.
select * from intent
where plan = $plan and mode = $mode and state = 'approved'
order by next_at, id
limit 1;
