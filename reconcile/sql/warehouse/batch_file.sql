-- One row per attached batch: its number, the group of overlapping batches it is in (null: in none),
-- and its place among them by age.
select
    unnest($file_no::integer[]) as file_no,
    unnest($batch::varchar[]) as batch,
    unnest($part::integer[]) as part,
    unnest($newness::integer[]) as newness
