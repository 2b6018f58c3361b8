-- One row per finding that something was decided on and that no longer stands, though the run would show it:
-- closed by evidence. Left out: findings that stand in their class, and what lies outside the run.
select t.*
from thread as t
inner join in_scope as i on t.thread = i.thread
left join resolved as r on t.thread = r.thread and r.found_by <> 'class'
where r.thread is null
