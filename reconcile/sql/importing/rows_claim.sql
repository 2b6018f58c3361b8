-- One row per loaded row of a claim file, with the key of its whole content, so that the same row
-- is known again in another file. Left out: rows with a fault. `occ` is mended afterwards
-- for the few rows of equal content (importing/number_repeated).
with hashed as (
    select
        *,
        concat(
            transaction_id, chr(31),
            campaign_id, chr(31),
            pid, chr(31),
            buyer, chr(31),
            epoch_us(occurred_at)::varchar, chr(31),
            revenue_e4::varchar, chr(31),
            currency, chr(31),
            status, chr(31),
            external_clickid, chr(31),
            clid, chr(31),
            source, chr(31),
            event_id, chr(31),
            reason
        ) as row_text
    from typed
    where fault is null
)

select
    file_no,
    line_no,
    source_lines,
    transaction_id,
    norm_id,
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
    key_hi(row_text) as row_hi,
    key_lo(row_text) as row_lo,
    1::integer as occ,
    extra::varchar as extra,
    source,
    event_id,
    reason
from hashed
