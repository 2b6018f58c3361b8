-- No row: the shape of the proposals of a run that was made before there were any.
-- Left out: everything.
select
    null::varchar as claim_batch, null::varchar as claim_file, null::bigint as claim_line,
    null::varchar as event_batch, null::varchar as event_file, null::bigint as event_line,
    null::bigint as apart, null::bigint as claim_rivals, null::bigint as event_rivals, null::bigint as nth
where false
