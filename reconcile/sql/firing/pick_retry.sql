-- At most one row: the postback whose waiting time was over first.
select * from intent
where plan = $plan and mode = $mode and state = 'retryable' and next_at <= $at
order by next_at, id
limit 1;
