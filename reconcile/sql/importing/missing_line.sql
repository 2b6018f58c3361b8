-- One row per line number from $first to before $end that a Parquet file does not hold, in their order.
-- Left out: lines that it holds.
select numbered.line_no
from range($first, $end) as numbered(line_no)
anti join read_parquet($path) as written on numbered.line_no = written.line_no
order by numbered.line_no
