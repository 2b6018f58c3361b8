-- One row: how many rows a Parquet file says it holds.
select sum(num_rows)::bigint as n from parquet_file_metadata($path)
