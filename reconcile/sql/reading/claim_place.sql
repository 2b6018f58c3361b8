-- One row per claim of a lead with a missing event: its place among its sender's claims of that lead,
-- event, time and sign. A corrected report is another version of the same claims, so it is the same there.
-- Left out: claims of other leads.
select
    c.file_no,
    c.line_no,
    row_number() over (
        partition by
            f.sender, c.key_hi, c.key_lo, c.event_id, c.occurred_at, coalesce(c.revenue_e4 < 0, false)
        order by c.revenue_e4, c.status, c.file_no, c.line_no
    ) as place
from claim as c
inner join source_file as f on c.file_no = f.file_no
where exists (
    select 1 from missing_claim as m where m.key_hi = c.key_hi and m.key_lo = c.key_lo
)
