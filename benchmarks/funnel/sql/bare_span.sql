-- One row: the first and the last day of the numbered rows.
select
    min(t)::date as first_day,
    max(t)::date as last_day
from read_parquet($path)
