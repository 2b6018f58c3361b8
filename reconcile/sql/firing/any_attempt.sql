-- At most one row: a postback of the plan was taken to be sent before.
select 1 as one from intent
inner join attempt on attempt.intent = intent.id
where intent.plan = $plan
limit 1;
