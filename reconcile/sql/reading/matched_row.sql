-- One row per matched row of the ids that were reconciled once more. Left out: all other classes.
select *
from row_in_scope
where class = 'matched'
