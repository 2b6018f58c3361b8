-- One row: a left-over claim and event of a stored run that are proposed as a pair, or candidates of each other, by
-- what their rows say. Left out: all other pairs; none then.
with offered as (
    select claim_batch, claim_line, event_batch, event_line from run_proposal
    union all
    select claim_batch, claim_line, event_batch, event_line from run_choice
)

select distinct
    c.event_id,
    norm_key(c.transaction_id) as claim_key,
    strftime(c.occurred_at, '%Y-%m-%d %H:%M:%S.%f') as claim_at,
    (c.revenue * 10000)::bigint as claim_e4,
    norm_key(e.transaction_id) as event_key,
    strftime(e.occurred_at, '%Y-%m-%d %H:%M:%S.%f') as event_at,
    (e.revenue * 10000)::bigint as event_e4
from offered as o
inner join run_row as c on c.side = 'claim' and o.claim_batch = c.batch and o.claim_line = c.line
inner join run_row as e on e.side = 'event' and o.event_batch = e.batch and o.event_line = e.line
where
    c.rule is null
    and e.rule is null
    and c.event_id = e.event_id
    and 'claim:' || c.batch || ':' || c.line = $claim
    and 'event:' || e.batch || ':' || e.line = $event
