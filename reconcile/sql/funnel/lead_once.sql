-- One row per lead that counts and has one row: its attributes and money.
-- Left out: leads with several rows (lead_again).
select
    u.lead,
    r.* exclude (unit_hi, unit_lo, occurred_at, in_scope),
    0::bigint as other_currency
from funnel_lead_row as r
inner join funnel_unit as u on r.unit_hi = u.unit_hi and r.unit_lo = u.unit_lo
where u.entries = 1 and r.in_scope and r.occurred_at is not null
