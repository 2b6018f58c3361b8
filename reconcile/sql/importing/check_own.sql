-- One row per staged row of one file that the engine holds. Left out: rows of other files.
select *
from query_table($kind)
where file_no = $file_no
