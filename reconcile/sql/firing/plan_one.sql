-- One row: a plan by its number.
select * from plan where id = $plan;
