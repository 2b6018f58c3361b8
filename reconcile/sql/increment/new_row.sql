-- One row per row of the affected ids as it is now. Left out: rows matched by an exact rule.
select *
from row_in_scope
where
    class <> 'matched'
    or evidence is not null
