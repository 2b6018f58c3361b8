-- One row: the records of the raw table; nothing is left out.
select count(*) as record_count
from raw_line
