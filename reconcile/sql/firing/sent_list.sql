-- One row per place of a postback that was sent or is being sent, the newest of it, in whatever plan.
-- Left out: what was never sent, was refused, or is proven not to be recorded.
select
    max(id) as number,
    campaign_id,
    event_id,
    transaction_key,
    occurred_at,
    state
from intent
where state not in ('planned', 'approved', 'cancelled', 'rejected', 'absent')
group by campaign_id, event_id, transaction_key, repeat_key, occurred_at;
