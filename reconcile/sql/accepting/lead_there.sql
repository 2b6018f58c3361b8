-- One row per sold or unsold lead, as far as it says which claim it is.
-- Left out: nothing.
select
    l.transaction_id, l.occurred_at, l.revenue_e4,
    cast(null as varchar) as event_id
from lead as l
