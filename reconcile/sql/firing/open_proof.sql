-- One row per postback that an export can settle or has settled, by the place it holds.
-- Left out: what was never sent, refused or is still to be sent.
select * from intent
where
    host = $host
    and state in (
        'confirmed', 'unknown', 'already_there', 'verified', 'missing_in_export', 'revenue_differs'
    )
order by campaign_id, event_id, transaction_key, id;
