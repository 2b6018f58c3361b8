-- One row per row of a range, out of the file at $path in which said_row was kept. Left out: other ranges.
select *
from read_parquet($path)
where range_no = $range
