-- One row per batch of which rows are to be read: its number. Left out: other batches of the same files.
select
    unnest($file_no::integer[]) as file_no,
    unnest($batch::varchar[]) as batch
