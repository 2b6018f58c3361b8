-- One row per postback of a plan, in the order of the plan.
select * from intent where plan = $plan order by id;
