-- One row per missing event of a stored run, with the key of its lead.
-- Left out: other classes.
select
    *,
    key_hi(norm_key(transaction_id)) as key_hi,
    key_lo(norm_key(transaction_id)) as key_lo
from run_row
where class = 'missing_event' and side = 'claim'
