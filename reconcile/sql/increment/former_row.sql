-- One row per row of the affected ids as the run before saw it.
-- Left out: rows matched by an exact rule, which it kept not.
select side, file, batch, line
from row_in_scope
where
    class <> 'matched'
    or evidence is not null
