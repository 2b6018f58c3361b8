-- One row per pair of the run, clean ones included: where its event and its claim stand, and by which rule they met.
-- Left out: nothing.
select
    e.file_no as event_file_no, e.line_no as event_line_no,
    c.file_no as claim_file_no, c.line_no as claim_line_no,
    p.rule
from pair as p
inner join event_run as e on p.event_order = e.event_order
inner join claim_run as c on p.claim_order = c.claim_order
union all
select
    e.file_no as event_file_no, e.line_no as event_line_no,
    c.file_no as claim_file_no, c.line_no as claim_line_no,
    k.rule
from clean_pair as k
inner join event_fact as e on k.key_hi = e.key_hi and k.key_lo = e.key_lo and k.event_no = e.event_no
inner join claim_fact as c on k.key_hi = c.key_hi and k.key_lo = c.key_lo and k.event_no = c.event_no
