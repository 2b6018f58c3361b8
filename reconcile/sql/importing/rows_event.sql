-- One row per loaded row of a event file, with the key of its whole content, so that the same row
-- is known again in another file. Left out: rows with a fault. `occ` is mended afterwards
-- for the few rows of equal content (importing/occurrence).
with hashed as (
    select
        *,
        concat_ws(
            chr(31),
            coalesce(transaction_id, chr(30)),
            coalesce(campaign_id, chr(30)),
            coalesce(pid, chr(30)),
            coalesce(buyer, chr(30)),
            coalesce(epoch_us(occurred_at)::varchar, chr(30)),
            coalesce(revenue_e4::varchar, chr(30)),
            coalesce(currency, chr(30)),
            coalesce(status, chr(30)),
            coalesce(external_clickid, chr(30)),
            coalesce(clid, chr(30)),
            coalesce(event_id, chr(30))
        ) as row_text
    from typed
    where fault is null
)

select
    $file_no::integer as file_no,
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
    extra,
    event_id
from hashed
