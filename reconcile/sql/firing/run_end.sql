-- The firing process, ended in order.
update run set ended_at = $now, ended_by = $ended_by where id = $run;
