-- One row: the one of a batch that sums several lines, this line among them.
-- Left out: rows of one line, and the sums of others.
select line_no
from batch_row
where list_contains(string_split(source_lines, ','), cast($line as varchar))
