-- One row per event row and lead row of the leads whose chains are looked for: pos is its place among all rows of
-- its lead, those of one time in the order of the steps, exclusions and other events last. Nothing is left out.
with every_row as (
    select * from open_row
    union all by name
    select
        lead,
        1 as class_no,
        entered as t,
        1 as n
    from funnel_chain
)

select
    *,
    row_number() over (
        partition by lead order by t, case when class_no = 0 then 98 else class_no end, n
    )::integer as pos
from every_row
