-- One row: where the lead rows of the export went. Nothing is left out: the four add up to all rows.
select
    count(*) as rows_read,
    count(*) filter (where not in_scope) as other_campaign,
    count(*) filter (where in_scope and unit_hi is null) as without_id,
    count(*) filter (where in_scope and unit_hi is not null and occurred_at is null) as without_time,
    count(*) filter (where in_scope and unit_hi is not null and occurred_at is not null) as counted
from funnel_lead_row
