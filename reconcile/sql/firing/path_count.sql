-- One row: how many postbacks of a plan go to this address.
select count(*) as rows from intent where plan = $plan and path = $path;
