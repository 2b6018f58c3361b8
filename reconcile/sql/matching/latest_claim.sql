-- One row: the time of the latest claim of the run's buyers and campaigns in the window.
-- Left out: claims without a time, and those of other buyers or campaigns.
with latest as (
    select max(c.occurred_at) as occurred_at
    from claim_fact as c
    left join claim_placed as p on c.file_no = p.file_no and c.line_no = p.line_no
    where c.left_out is null and p.not_in_run is null
)

select occurred_at
from latest
