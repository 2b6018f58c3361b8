-- One row per candidate of one left-over row of a run, the nearest first, with a sentence that says what differs.
-- Left out: candidates of other rows.
select
    * exclude (near),
    near_ref(near) as near_ref,
    near_text(near) as text
from (
    select
        *,
        near
    from run_nearest as near
    where near.side = $side and near.batch = $batch and near.line = $line
)
order by place
