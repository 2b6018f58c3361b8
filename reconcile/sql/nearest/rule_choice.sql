-- One row per left-over row and candidate that a fallback rule leaves a person to choose between.
-- Left out: candidates that a rule has joined.
with chosen as (
    select row_no(e.file_no, e.line_no) as event_row_no, row_no(c.file_no, c.line_no) as claim_row_no
    from choice as p
    inner join event_run as e on p.event_order = e.event_order
    inner join claim_run as c on p.claim_order = c.claim_order
)

select
    a.row_no as asked_no,
    chosen.claim_row_no as other_no,
    2 as found_no
from chosen
inner join near_asked as a on chosen.event_row_no = a.row_no
union all
select
    a.row_no as asked_no,
    chosen.event_row_no as other_no,
    2 as found_no
from chosen
inner join near_asked as a on chosen.claim_row_no = a.row_no
