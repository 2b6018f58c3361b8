-- One row per identity of a crowd, with its newest batch, and whether the batches hold as many rows
-- of it each. Of a lead they need not: all its rows in the newest batch count, and no others.
-- Left out: nothing.
select
    id_hi,
    id_lo,
    max(newness) as newest,
    min(n) = max(n) or bool_or(by_lead) as is_even
from (
    select
        id_hi,
        id_lo,
        newness,
        by_lead,
        count(*) as n
    from query_table($crowd)
    group by all
)
group by all
