-- One row per event of a step, out of the numbered rows: its lead, its step and its time. None has money.
select
    lead,
    step as class_no,
    t::timestamp as t,
    null::decimal(18, 4) as revenue,
    ''::varchar as currency,
    false as repeats
from read_parquet($path)
where step > 1
