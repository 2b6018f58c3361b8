-- One row per stored event of `event_file`, in the columns that the simple job needs.
select
    coalesce(transaction_id, '') as id,
    coalesce(event_id, '') as event,
    buyer,
    occurred_at::date as day,
    revenue
from event_file
