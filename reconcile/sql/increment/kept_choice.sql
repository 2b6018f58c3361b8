-- One row per candidate of the run before that stands as it was.
-- Left out: candidates of rows that were reconciled anew.
select p.*
from prior_choice as p
left join former_row as f
    on
        f.side = 'event' and p.event_line = f.line and p.event_file = f.file
        and p.event_batch is not distinct from f.batch
where f.side is null
