-- One row per line of `rows.csv`: a row in scope, its verdict, its partner and its part of the bridge.
-- Left out: columns that only a stored run needs, and matched rows unless asked for.
select
    side, file, line, transaction_id, event_id, class, reason, flags, rule,
    partner_file, partner_line, currency, bridge, evidence
from row_in_scope
where class <> 'matched' or $with_matched
order by
    side desc nulls last, file nulls last, line nulls last, batch nulls last, transaction_id nulls last
