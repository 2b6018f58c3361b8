-- One row per postback that carried no date and that an export has proven, of a stretch of time.
-- Left out: those both of whose times, of the claim and of the sending, lie outside of it.
select campaign_id, event_id, transaction_key, coalesce(revenue_e4, 0) as revenue_e4, sent_at, occurred_at
from intent
where
    path = '/api/event/trigger'
    and state = 'verified'
    and ((occurred_at >= $start and occurred_at < $until) or (sent_at >= $start and sent_at < $until))
order by id;
