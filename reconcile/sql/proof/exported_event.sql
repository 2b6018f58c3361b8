-- One row per visible event of an export that one of our postbacks may be, with its money.
-- Left out: events of other leads, or of a campaign known to be another.
select
    sent_key.campaign_id,
    sent_key.event_id,
    sent_key.transaction_key,
    event.revenue_e4
from sent_key
inner join event
    on
        key_hi(norm_key(sent_key.transaction_key)) = event.key_hi
        and key_lo(norm_key(sent_key.transaction_key)) = event.key_lo
where
    event.event_id = sent_key.event_id
    and coalesce(event.campaign_id, sent_key.campaign_id) = sent_key.campaign_id;
