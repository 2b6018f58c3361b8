-- One row per event row of the leads whose chains are looked for: n counts the rows of a step from the first on.
-- Left out: all other leads. Rows of one time are told apart by their money, never by their place.
select
    r.lead,
    r.class_no,
    r.t,
    r.revenue,
    r.currency,
    r.repeats,
    row_number() over (
        partition by r.lead, r.class_no order by r.t, r.revenue desc nulls last, r.currency desc
    )::integer as n
from funnel_row as r
inner join funnel_fact as f on r.lead = f.lead
where f.is_open
