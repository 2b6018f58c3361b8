-- One row per row whose id looks like a label, unlike nearly all others: it has a blank or no digit.
-- With the line, the id and the amount. Left out: rows without an amount.
select
    line_no,
    transaction_id,
    revenue
from checked_row
where
    strlen(transaction_id) < 24
    and names_no_lead(trim(transaction_id))
    and revenue is not null
order by line_no
