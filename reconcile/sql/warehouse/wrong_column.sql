-- One row per column that is missing, is too much or has another type than the canonical table's.
-- Left out: `occ`, which format 1 stored and nobody reads any more; and what names the file, which is
-- its number in an engine, its batch and name in a batch.
select
    coalesce(a.column_name, b.column_name) as column_name,
    a.data_type as found,
    b.data_type as wanted
from (select * from duckdb_columns() where table_name = $table) as a
full join (select * from duckdb_columns() where table_name = $canonical) as b
    on a.column_name = b.column_name
where
    a.data_type is distinct from b.data_type
    and coalesce(a.column_name, b.column_name) not in ('occ', 'file_no', 'batch', 'file')
order by column_name
