-- Writes the rows of one file; batch and file stand in the place of its number in the engine.
-- Left out: rows of other files in the same table.
copy (
    select $batch::varchar as batch, $file::varchar as file, r.* exclude (file_no)
    from query_table($table) as r
    where r.file_no = $file_no
) to $path (format parquet, compression zstd)
