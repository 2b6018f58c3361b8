-- One row per link of the audit after a number, oldest first, at most 10,000.
select * from audit where id > $after order by id limit 10000;
