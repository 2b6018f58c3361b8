-- One line per lead, sold or not, with an external id. $path: the file to write.
-- $sender_no: number of that file. $seed: that of the lines.
copy (
    select
        transaction_id,
        campaign_id,
        pid,
        buyer,
        at_utc as created_at,
        status,
        revenue,
        currency,
        cost,
        'ad' || creative as sub1,
        case when creative % 3 = 0 then 'newsletter' else pid end as utm_source,
        own_external as external_clickid
    from sample_text($sender_no, $seed)
    order by line_no
) to $path (header, delimiter ',')
