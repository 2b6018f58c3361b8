-- One row per row in scope that a stored run keeps.
-- Left out: rows matched by an exact rule, whose money the bridge holds.
select *
from row_in_scope
where
    class <> 'matched'
    or evidence is not null
