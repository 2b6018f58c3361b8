-- One row per lead that counts: its attributes and money. One with one row has the number of that row.
-- Left out: nothing; leads with several rows are those of lead_again.
select
    r.n as lead,
    1::bigint as entries,
    r.occurred_at as first_at,
    r.* exclude (n, unit_hi, unit_lo, occurred_at, in_scope),
    0::bigint as other_currency
from funnel_lead_row as r
anti join (select unit_hi, unit_lo from funnel_unit where entries > 1) as u
    on r.unit_hi = u.unit_hi and r.unit_lo = u.unit_lo
where r.in_scope and r.occurred_at is not null and r.unit_hi is not null
union all by name
select * from funnel_lead_again
