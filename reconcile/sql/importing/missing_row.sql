-- One row per line number from $first to before $end that no staged row has, in their order.
-- Left out: lines that are staged.
select numbered.line_no
from range($first, $end) as numbered(line_no)
anti join staged_row as written on numbered.line_no = written.line_no
order by numbered.line_no
