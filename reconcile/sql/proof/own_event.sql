-- One row per event that is one of our postbacks without a date, with the time of its claim.
-- Left out: events stored more than a day before or after it was sent; an export may tell the day alone.
-- Where several fit, each postback and each event take the nearest of the other, if that is so both ways.
with apart as (
    select
        event_read.file_no,
        event_read.line_no,
        own_postback.rowid as postback,
        own_postback.occurred_at,
        case
            when event_read.occurred_at between own_postback.sent_at and own_postback.sent_until then 0
            when event_read.occurred_at < own_postback.sent_at
                then microseconds_between(event_read.occurred_at, own_postback.sent_at)
            else microseconds_between(event_read.occurred_at, own_postback.sent_until)
        end as distance
    from own_postback
    inner join event_read
        on
            key_hi(norm_key(own_postback.transaction_key)) = event_read.key_hi
            and key_lo(norm_key(own_postback.transaction_key)) = event_read.key_lo
    where
        event_read.event_id = own_postback.event_id
        and coalesce(event_read.campaign_id, own_postback.campaign_id) = own_postback.campaign_id
        and coalesce(event_read.revenue_e4, 0) = own_postback.revenue_e4
),

fitting as (
    select
        file_no,
        line_no,
        occurred_at,
        row_number() over (partition by postback order by distance, file_no, line_no) as of_postback,
        row_number() over (
            partition by file_no, line_no
            order by distance, occurred_at, postback
        ) as of_event
    from apart
    where distance <= 86400000000
)

select file_no, line_no, occurred_at
from fitting
where of_postback = 1 and of_event = 1;
