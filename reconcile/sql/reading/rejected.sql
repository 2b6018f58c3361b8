-- One row per row of a batch that could not be read, in the order of its lines, $most of them.
-- Left out: nothing.
select line_no as line, column_name as "column", value, reason
from batch_reject
order by line_no, column_name nulls first
limit $most
