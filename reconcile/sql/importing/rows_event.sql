-- One row per loaded row of an event file. The key of its whole content stands only where its id
-- identifies nothing, so that the same row is known again in another file. Left out: nothing of good_row.
with hashed as (
    select
        *,
        case
            when key_hi is null then
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
                    event_id
                )
        end as row_text
    from good_row
)

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
    key_hi(row_text) as row_hi,
    key_lo(row_text) as row_lo,
    extra::varchar as extra,
    event_id
from hashed
