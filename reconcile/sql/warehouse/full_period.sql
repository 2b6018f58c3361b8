-- One row per attached batch that is the whole of what its sender has to say of a period.
-- Left out: batches that are parts, and those that overlap no other.
select
    unnest($part::integer[]) as part,
    unnest($newness::integer[]) as newness,
    unnest($from_utc::timestamp[]) as from_utc,
    unnest($to_utc::timestamp[]) as to_utc
