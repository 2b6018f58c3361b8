-- One row per lead row that counts: what makes it one, and a hash of all it says.
-- Left out: nothing. Where it stands in its file, and how, is no part of what it says.
select
    file_no,
    occurred_at,
    case when bare then row_hi else key_hi end as id_hi,
    case when bare then row_lo else key_lo end as id_lo,
    content
from (
    select
        *,
        key_hi is null as bare,
        hash(*columns(* exclude (file_no, line_no, source_lines, key_hi, key_lo, row_hi, row_lo, extra))) as content
    from lead
)
