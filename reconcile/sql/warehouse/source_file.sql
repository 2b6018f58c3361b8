-- One row per attached batch: the file a row's file_no stands for. Nothing is left out.
select
    unnest($file_no::integer[]) as file_no,
    unnest($kind::varchar[]) as kind,
    unnest($batch::varchar[]) as batch,
    unnest($file::varchar[]) as file,
    unnest($sender::varchar[]) as sender,
    unnest($has_amount::boolean[]) as has_amount,
    unnest($period_from::timestamp[]) as period_from,
    unnest($period_to::timestamp[]) as period_to
