-- One row per candidate of one left-over row of a run, the nearest first, with a sentence that says what differs.
-- Left out: candidates of other rows.
select
    n.*,
    near_ref(n) as near_ref,
    near_text(n) as text
from run_nearest as n
where n.side = $side and n.batch = $batch and n.line = $line
order by n.place
