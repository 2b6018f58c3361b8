-- One line per claim of one buyer's report, with an external id. $sender_no: whose. $path: the file to write.
-- $local: whether the report gives local times with their offset; else they are in UTC.
-- $seed: that of the lines.
copy (
    select
        buyer,
        transaction_id,
        event_id,
        campaign_id,
        case when $local then at_local else at_utc end as occurred_at,
        revenue,
        currency,
        status,
        named_external as external_clickid
    from sample_text($sender_no, $seed)
    order by line_no
) to $path (header, delimiter ',')
