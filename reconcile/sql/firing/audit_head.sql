-- At most one row: the newest link of the audit.
select id, link from audit order by id desc limit 1;
