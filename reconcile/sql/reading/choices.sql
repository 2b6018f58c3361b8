-- One row per candidate of an ambiguous row: where it stands and what it says.
-- Left out: candidates of other rows.
select
    c.*,
    r.transaction_id,
    r.revenue,
    r.currency,
    r.occurred_at
from run_choice as c
inner join run_row as r
    on
        ($side = 'event' and r.side = 'claim' and r.batch = c.claim_batch and r.line = c.claim_line)
        or ($side = 'claim' and r.side = 'event' and r.batch = c.event_batch and r.line = c.event_line)
where
    ($side = 'event' and c.event_batch = $batch and c.event_line = $line)
    or ($side = 'claim' and c.claim_batch = $batch and c.claim_line = $line)
order by c.event_line, c.claim_line
