-- One row per recovered event, as the events of the platform stand in funnel_row. Nothing is left out.
select
    lead,
    class_no,
    t,
    revenue,
    currency,
    repeats,
    left_out,
    is_early,
    is_late_clock
from funnel_recovered
