-- One row: the one of a batch that sums several lines, this line among them.
-- Left out: rows of one line, the sums of others, and batches whose rows are in the same file.
select line_no
from batch_row
where batch = $batch and list_contains(string_split(source_lines, ','), cast($line as varchar))
