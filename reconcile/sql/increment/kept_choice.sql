-- One row per candidate of the run before that stands as it was.
-- Left out: candidates of the affected ids, those of rows of the margin too, which have no verdict.
select p.*
from prior_choice as p
left join former_choice as f
    on
        p.event_line = f.event_line and p.claim_line = f.claim_line
        and p.event_file = f.event_file and p.claim_file = f.claim_file
        and p.event_batch is not distinct from f.event_batch
        and p.claim_batch is not distinct from f.claim_batch
where f.event_line is null
