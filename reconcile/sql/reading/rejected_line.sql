-- One row per cell of one line of a batch that could not be read.
-- Left out: all other lines.
select column_name as "column", value, reason
from batch_reject
where line_no = $line
order by column_name nulls first
