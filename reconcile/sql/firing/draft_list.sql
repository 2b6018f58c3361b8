-- One row per plan that was begun and never sealed.
select id from plan where hash = '' order by id;
