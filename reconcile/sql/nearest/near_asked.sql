-- One row per left-over row of a finding class, which asks what came nearest to it.
-- Left out: paired rows, rows that ask nothing of anybody, and rows of the margin.
select distinct
    n.side,
    n.row_no,
    n.key_hi,
    n.key_lo,
    n.external_clickid
from near_row as n
inner join source_file as f on n.file_no = f.file_no
inner join query_table($told) as t
    on
        n.side = t.side
        and n.line_no = t.line
        and f.file = t.file
        and f.batch is not distinct from t.batch
where
    n.is_free
    and t.rule is null
    and t.class not in ('matched', 'matched_within_tolerance', 'timing', 'not_due_yet', 'not_billable')
