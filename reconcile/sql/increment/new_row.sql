-- One row per row of the affected ids as it is now. Left out: matched rows.
select *
from row_in_scope
where class <> 'matched'
