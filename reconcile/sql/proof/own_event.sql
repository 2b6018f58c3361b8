-- One row per event that is one of our postbacks without a date, with the time of its claim.
-- Left out: events stored more than a day from its sending; an export may tell the day alone. Where several
-- fit, each postback and each event take the nearest of the other, if that is the case both ways.
with fitting as (
    select
        event_read.file_no,
        event_read.line_no,
        own_postback.occurred_at,
        row_number() over (
            partition by own_postback.rowid
            order by
                microseconds_between(event_read.occurred_at, own_postback.sent_at),
                event_read.file_no,
                event_read.line_no
        ) as of_postback,
        row_number() over (
            partition by event_read.file_no, event_read.line_no
            order by
                microseconds_between(event_read.occurred_at, own_postback.sent_at),
                own_postback.occurred_at,
                own_postback.rowid
        ) as of_event
    from own_postback
    inner join event_read
        on
            key_hi(norm_key(own_postback.transaction_key)) = event_read.key_hi
            and key_lo(norm_key(own_postback.transaction_key)) = event_read.key_lo
    where
        event_read.event_id = own_postback.event_id
        and coalesce(event_read.campaign_id, own_postback.campaign_id) = own_postback.campaign_id
        and coalesce(event_read.revenue_e4, 0) = own_postback.revenue_e4
        and microseconds_between(event_read.occurred_at, own_postback.sent_at) <= 86400000000
)

select file_no, line_no, occurred_at
from fitting
where of_postback = 1 and of_event = 1;
