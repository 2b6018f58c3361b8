-- One row per loaded row, with what a verdict reads. Left out: the columns $absent, NULL throughout.
select columns(lambda name: not list_contains($absent::varchar[], name))
from (
    select
        file_no,
        line_no,
        source_lines,
        transaction_id,
        key_hi,
        key_lo,
        campaign_id,
        pid,
        buyer,
        occurred_at,
        revenue,
        revenue_e4,
        currency,
        status,
        external_clickid,
        clid,
        null::varchar as extra,
        source,
        event_id,
        reason
    from good_row
) as whole
