-- One row per state of a plan's postbacks, with their number.
select state, count(*) as rows from intent where plan = $plan group by state order by state;
