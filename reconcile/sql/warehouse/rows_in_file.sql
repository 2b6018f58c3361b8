-- One row: how many rows Parquet files say they hold, together.
select sum(num_rows)::bigint as n from parquet_file_metadata($path)
