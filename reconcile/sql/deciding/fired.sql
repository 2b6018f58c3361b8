-- One row per missing event of the run that a postback was sent for, with that postback's state.
-- Left out: other classes. Claims of one time and lead are told apart by their order.
with finding as (
    select
        ref, campaign_id, event_id, transaction_key, occurred_at,
        row_number() over (
            partition by campaign_id, event_id, transaction_key, occurred_at order by file, line, ref
        ) as nth
    from finding_fact
    where class = 'missing_event' and exists (select 1 from sent_postback)
),

sent as (
    select
        *,
        row_number() over (
            partition by campaign_id, event_id, transaction_key, occurred_at order by number
        ) as nth
    from sent_postback
)

select f.ref, s.state
from finding as f
inner join sent as s
    on
        f.campaign_id = s.campaign_id and f.event_id = s.event_id
        and f.transaction_key = s.transaction_key and f.occurred_at = s.occurred_at and f.nth = s.nth
