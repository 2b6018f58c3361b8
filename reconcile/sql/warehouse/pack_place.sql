-- One row per batch that is to be packed: its place in the pack. Left out: others of the same files.
select
    unnest($batch::varchar[]) as batch,
    unnest(range(len($batch::varchar[]))) as place
