-- One row per proposed pair of a stored run, with what speaks for it; the least doubtful first.
-- Left out: pairs of other claims and events than the one asked for (null: all).
-- Of a damaged id that several leads fit, each of the other leads is a rival, whether its event is there or not.
with fitting as (
    select odd_id, count(*) - 1 as others
    from damage_fit
    group by odd_id
),

asked as (
    select *
    from run_proposal as p
    where
        $batch is null
        or ($side = 'claim' and p.claim_batch = $batch and p.claim_line = $line)
        or ($side = 'event' and p.event_batch = $batch and p.event_line = $line)
),

told as (
    select
        p.*,
        greatest(p.claim_rivals, coalesce(cf.others, 0)) as all_claim_rivals,
        greatest(p.event_rivals, coalesce(ef.others, 0)) as all_event_rivals,
        c.campaign_id,
        c.event_id,
        coalesce(c.buyer, e.buyer) as buyer,
        c.revenue,
        c.currency,
        c.transaction_id as claim_transaction_id,
        e.transaction_id as event_transaction_id,
        c.class as claim_class,
        e.class as event_class,
        c.occurred_at as claim_at,
        e.occurred_at as event_at
    from asked as p
    inner join run_row as c on c.side = 'claim' and p.claim_batch = c.batch and p.claim_line = c.line
    inner join run_row as e on e.side = 'event' and p.event_batch = e.batch and p.event_line = e.line
    left join fitting as cf on norm_key(c.transaction_id) = cf.odd_id
    left join fitting as ef on norm_key(e.transaction_id) = ef.odd_id
)

select
    'claim:' || claim_batch || ':' || claim_line as claim,
    'event:' || event_batch || ':' || event_line as event,
    campaign_id,
    event_id,
    buyer,
    revenue,
    currency,
    apart // 1000000 as seconds_apart,
    all_claim_rivals as claim_rivals,
    all_event_rivals as event_rivals,
    claim_transaction_id,
    event_transaction_id,
    claim_class,
    event_class,
    claim_at,
    event_at,
    claim_file,
    claim_line,
    event_file,
    event_line
from told
order by all_claim_rivals + all_event_rivals, apart, claim_file, claim_line, nth
