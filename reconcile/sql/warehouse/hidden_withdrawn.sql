-- One row per row that a newer delivery, whole for its period, lies over: it is withdrawn, or there again.
-- A row without a time lies where its batch's stated period does.
-- Left out: rows that are hidden already.
select distinct
    r.file_no,
    r.line_no
from query_table($rows) as r
inner join batch_file as f on r.file_no = f.file_no
inner join full_period as p
    on f.part = p.part
    and f.newness < p.newness
    and (
        (r.occurred_at >= p.from_utc and r.occurred_at < p.to_utc)
        or (r.occurred_at is null and f.period_from >= p.from_utc and f.period_to <= p.to_utc)
    )
where
    not list_contains($whole::integer[], r.file_no)
    and not exists (
        select 1
        from query_table($hidden) as h
        where h.file_no = r.file_no and h.line_no = r.line_no
    )
