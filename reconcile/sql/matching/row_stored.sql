-- One row per row in scope that a stored run keeps.
-- Left out: matched rows, whose money the bridge holds.
select *
from row_in_scope
where class <> 'matched'
