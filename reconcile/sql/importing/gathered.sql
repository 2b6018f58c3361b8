-- One row per loaded row of the files of one kind: of small ones, which the engine holds, and of large
-- ones, which lie in Parquet files. Left out: nothing. Trap: a file lacks the columns that are NULL
-- throughout; not united by name, all files would lack what the first one lacks.
select *
from query_table($small)
union all by name
select *
from read_parquet($paths, union_by_name = true)
