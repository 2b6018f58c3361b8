-- One row per proposed pair of a stored run, with what speaks for it; the least doubtful first.
-- Left out: pairs of other claims and events than the one asked for (null: all).
select
    'claim:' || p.claim_batch || ':' || p.claim_line as claim,
    'event:' || p.event_batch || ':' || p.event_line as event,
    c.campaign_id,
    c.event_id,
    coalesce(c.buyer, e.buyer) as buyer,
    c.revenue,
    c.currency,
    p.apart // 1000000 as seconds_apart,
    p.claim_rivals,
    p.event_rivals,
    c.transaction_id as claim_transaction_id,
    e.transaction_id as event_transaction_id,
    c.class as claim_class,
    e.class as event_class,
    c.occurred_at as claim_at,
    e.occurred_at as event_at,
    p.claim_file,
    p.claim_line,
    p.event_file,
    p.event_line
from run_proposal as p
inner join run_row as c on c.side = 'claim' and p.claim_batch = c.batch and p.claim_line = c.line
inner join run_row as e on e.side = 'event' and p.event_batch = e.batch and p.event_line = e.line
where
    $batch is null
    or ($side = 'claim' and p.claim_batch = $batch and p.claim_line = $line)
    or ($side = 'event' and p.event_batch = $batch and p.event_line = $line)
order by p.claim_rivals + p.event_rivals, p.apart, p.claim_file, p.claim_line, p.nth
