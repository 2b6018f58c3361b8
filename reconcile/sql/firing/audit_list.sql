-- One row per link of the audit, oldest first.
select * from audit order by id;
