-- One row: how many cells of each column are filled. $path: a CSV file, every cell of which is read.
select count(columns(*))
from read_csv($path)
