-- One row per finding that a filter lets pass and a postback may close.
select ref, class from finding_kept where class in ('missing_event', 'revenue_mismatch')
