-- One row of a batch as it was imported, at one line.
-- Left out: all other lines.
select *
from batch_row
where line_no = $line
