-- One row per plan, newest first.
select * from plan order by id desc;
