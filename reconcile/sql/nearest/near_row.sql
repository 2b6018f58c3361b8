-- One row per event and claim of the ids with left-overs, numbered in the order of their content.
-- Left out: rows of other ids. The number decides between candidates that are equally near.
select
    *,
    row_number() over (
        order by
            occurred_at nulls first, revenue_e4 nulls first, transaction_id nulls first, event_no nulls first,
            campaign_no nulls first, buyer_no nulls first, status nulls first, external_clickid nulls first,
            row_no nulls first
    ) as content_no
from near_told
