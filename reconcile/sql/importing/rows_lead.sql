-- One row per loaded row of a lead file. The key of its whole content stands only where its id
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
                    cost::varchar, chr(31),
                    ad_spend::varchar, chr(31),
                    array_to_string(
                        list_transform(
                            [
                                sub1, sub2, sub3, sub4, sub5, adv1, adv2, adv3, adv4, adv5, utm_source,
                                utm_medium, utm_campaign, utm_adgroup, utm_matchtype, utm_term, utm_content,
                                utm_creative, utm_placement
                            ],
                            lambda x: coalesce(x, '')
                        ),
                        chr(31)
                    )
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
    cost,
    ad_spend,
    sub1,
    sub2,
    sub3,
    sub4,
    sub5,
    adv1,
    adv2,
    adv3,
    adv4,
    adv5,
    utm_source,
    utm_medium,
    utm_campaign,
    utm_adgroup,
    utm_matchtype,
    utm_term,
    utm_content,
    utm_creative,
    utm_placement
from hashed
