-- One row of a batch as it was imported, at one line.
-- Left out: all other lines, and batches whose rows are in the same file.
select *
from batch_row
where line_no = $line and batch = $batch
