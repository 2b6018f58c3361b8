-- One row per claim of a stored run whose event was recorded with less: revenue is what is missing.
-- Left out: other classes and currencies, and events that bring as much or more.
select
    * replace (bridge as revenue),
    key_hi(norm_key(transaction_id)) as key_hi,
    key_lo(norm_key(transaction_id)) as key_lo
from run_row
where class = 'revenue_mismatch' and reason = 'amount' and side = 'claim' and bridge > 0
