-- One row per lead, whatever its campaign: a small number for it, and how many rows it has that count.
-- The number is that of its first row that counts, if there is one: a lead with one row has that row's.
-- Left out: rows without a usable id. A lead counts if one of its rows is in scope and has a time.
select
    unit_hi,
    unit_lo,
    coalesce(min(n) filter (where in_scope and occurred_at is not null), min(n)) as lead,
    count(*) filter (where in_scope and occurred_at is not null) as entries,
    min(occurred_at) filter (where in_scope) as first_at,
    min(campaign_id) filter (where in_scope) as campaign_id
from funnel_lead_row
where unit_hi is not null
group by unit_hi, unit_lo
