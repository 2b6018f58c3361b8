-- One row per loaded row of a lead file, with the key of its whole content, so that the same row
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
            cost::varchar, chr(31),
            ad_spend::varchar, chr(31),
            array_to_string(list_transform(lead_texts, lambda x: coalesce(x, '')), chr(31))
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
    cost,
    ad_spend,
    lead_texts[1] as sub1,
    lead_texts[2] as sub2,
    lead_texts[3] as sub3,
    lead_texts[4] as sub4,
    lead_texts[5] as sub5,
    lead_texts[6] as adv1,
    lead_texts[7] as adv2,
    lead_texts[8] as adv3,
    lead_texts[9] as adv4,
    lead_texts[10] as adv5,
    lead_texts[11] as utm_source,
    lead_texts[12] as utm_medium,
    lead_texts[13] as utm_campaign,
    lead_texts[14] as utm_adgroup,
    lead_texts[15] as utm_matchtype,
    lead_texts[16] as utm_term,
    lead_texts[17] as utm_content,
    lead_texts[18] as utm_creative,
    lead_texts[19] as utm_placement
from hashed
