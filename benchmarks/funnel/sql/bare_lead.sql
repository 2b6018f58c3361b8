-- One row per lead, out of the numbered rows: how often it was sent, and when first. It has no attributes and no money.
select
    lead,
    count(*) as entries,
    min(t)::timestamp as first_at
from read_parquet($path)
where step = 1
group by lead
