-- One row per lead with several rows, and time of one: where a chain may begin.
-- Left out: leads with one row, whose first time is their only one.
select
    u.lead,
    r.occurred_at as entered
from funnel_lead_row as r
inner join funnel_unit as u on r.unit_hi = u.unit_hi and r.unit_lo = u.unit_lo
where u.entries > 1 and r.in_scope and r.occurred_at is not null and not $first_entry_only
group by u.lead, r.occurred_at
