-- One line per event of the platform. $path: the file to write.
-- $sender_no: number of that file. $seed: that of the lines.
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
    from sample_text($sender_no, $seed)
    order by line_no
) to $path (header, delimiter ',')
