-- One row: a plan by its number. Left out: a draft, which nobody may approve or fire.
select * from plan where id = $plan and hash <> '';
