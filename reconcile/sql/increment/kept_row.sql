-- One row per row of the run before that stands as it was.
-- Left out: rows of the affected ids, which were reconciled anew.
select p.*
from prior_row as p
left join former_row as f
    on p.side = f.side and p.line = f.line and p.file = f.file and p.batch is not distinct from f.batch
where f.side is null
