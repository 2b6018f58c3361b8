-- One row per attached batch: its number, the group of overlapping batches it is in (null: in none),
-- its place among them by age, and its stated period.
select
    unnest($file_no::integer[]) as file_no,
    unnest($batch::varchar[]) as batch,
    unnest($part::integer[]) as part,
    unnest($newness::integer[]) as newness,
    unnest($period_from::timestamp[]) as period_from,
    unnest($period_to::timestamp[]) as period_to
