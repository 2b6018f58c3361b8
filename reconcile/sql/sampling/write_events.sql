-- One line per event of the platform. $path: the file to write.
copy (
    select
        event_id,
        transaction_id,
        campaign_id,
        pid,
        at_utc as occurred_at,
        revenue,
        currency,
        buyer
    from sample_text('event', 'event')
    order by line_no
) to $path (header, delimiter ',')
