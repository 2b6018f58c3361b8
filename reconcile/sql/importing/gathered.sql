-- One row per loaded row of the files of one kind: of small ones, which the engine holds, and of large
-- ones, which lie in Parquet files. Left out: nothing.
select *
from query_table($small)
union all by name
select *
from read_parquet($paths)
