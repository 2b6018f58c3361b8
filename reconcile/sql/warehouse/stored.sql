-- One row per row of many small batches, as stored. Left out: nothing.
-- Batches of one format have the same columns: the first file's schema does for all. To unite them by
-- name ($mixed) every file is opened once more.
select * from read_parquet($paths, union_by_name = $mixed)
