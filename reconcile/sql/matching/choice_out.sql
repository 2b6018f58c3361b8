-- One row per candidate of an ambiguous row, by the places of both its rows.
-- Left out: nothing.
select
    ef.file as event_file, ef.batch as event_batch, e.line_no as event_line,
    cf.file as claim_file, cf.batch as claim_batch, c.line_no as claim_line
from choice
inner join event_run as e on choice.event_order = e.event_order
inner join claim_run as c on choice.claim_order = c.claim_order
inner join source_file as ef on e.file_no = ef.file_no
inner join source_file as cf on c.file_no = cf.file_no
