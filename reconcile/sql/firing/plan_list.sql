-- One row per plan, newest first. Left out: drafts.
select * from plan where hash <> '' order by id desc;
