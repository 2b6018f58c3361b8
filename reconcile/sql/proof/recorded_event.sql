-- One row per lead and event of our postbacks that exports show: how often, in its campaign and in any.
-- Left out: what no export shows.
select
    sent_key.campaign_id,
    sent_key.event_id,
    sent_key.transaction_key,
    count(
        case when coalesce(event.campaign_id, sent_key.campaign_id) = sent_key.campaign_id then 1 end
    ) as here,
    count(*) as anywhere
from sent_key
inner join event
    on
        key_hi(norm_key(sent_key.transaction_key)) = event.key_hi
        and key_lo(norm_key(sent_key.transaction_key)) = event.key_lo
where event.event_id = sent_key.event_id
group by sent_key.campaign_id, sent_key.event_id, sent_key.transaction_key;
