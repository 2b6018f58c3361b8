-- One row: the time of the latest claim of the run's buyers in the window and range, whatever its campaign.
-- Left out: claims without a time, and those of other buyers. The latest claim is of the latest day.
with own as (
    select file_no, line_no, day
    from claim_fact
    where left_out_no = 0 -- rule: watermark_of_the_runs_buyers
),

last_day as (
    select max(day) as day
    from own
)

select max(c.occurred_at) as occurred_at
from claim as c
inner join own as f on c.file_no = f.file_no and c.line_no = f.line_no
inner join last_day as d on f.day = d.day
