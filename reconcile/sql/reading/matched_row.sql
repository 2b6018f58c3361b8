-- One row per matched row of the ids that were reconciled once more. Left out: all other classes, and rows
-- that a fallback rule has joined, which the run keeps.
select *
from row_in_scope
where class = 'matched' and evidence is null
