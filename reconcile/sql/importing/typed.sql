-- One row per data line: its values typed, or `fault` with the column, the text and the reason of the
-- first cell that is not exactly of its form. Left out: the lines of `set_apart`.
-- $is_lead: only leads have sub ids; their texts are one list, in the order of rows_lead. $adds: the
-- amounts of several columns are added up.
-- $form: iso_local, iso_utc, unix or stated (then $format). $zone: an IANA name, else $shift seconds
-- east of UTC, else NULL. $comma: amounts are written 1.234,50. $dated: ISO times are taken beside
-- the stated form, as workbooks hold true dates.
-- Trap: a null amount means unknown, never 0; where amounts are added, one unknown makes no sum.
with cleaned as (
    select
        line_no,
        nullif(c_transaction_id, '') as transaction_id,
        trimmed(c_campaign_id) as campaign_id,
        trimmed(c_pid) as pid,
        trimmed(c_buyer) as buyer,
        known(c_occurred_at) as time_text,
        trimmed(c_time_zone) as zone_code,
        known(c_revenue) as revenue_text,
        case
            when $adds then list_transform(more_revenue, lambda x: coalesce(known(x), ''))
        end as more_text,
        upper(trimmed(c_currency)) as currency,
        trimmed(c_status) as status,
        trimmed(c_external_clickid) as external_clickid,
        trimmed(c_clid) as clid,
        trimmed(c_event_id) as event_id,
        coalesce(trimmed(c_source), $sender) as source,
        trimmed(c_reason) as reason,
        known(c_cost) as cost_text,
        known(c_ad_spend) as ad_spend_text,
        case
            when $is_lead
                then [
                    trimmed(c_sub1),
                    trimmed(c_sub2),
                    trimmed(c_sub3),
                    trimmed(c_sub4),
                    trimmed(c_sub5),
                    trimmed(c_adv1),
                    trimmed(c_adv2),
                    trimmed(c_adv3),
                    trimmed(c_adv4),
                    trimmed(c_adv5),
                    trimmed(c_utm_source),
                    trimmed(c_utm_medium),
                    trimmed(c_utm_campaign),
                    trimmed(c_utm_adgroup),
                    trimmed(c_utm_matchtype),
                    trimmed(c_utm_term),
                    trimmed(c_utm_content),
                    trimmed(c_utm_creative),
                    trimmed(c_utm_placement)
                ]
        end as lead_texts,
        extra
    from text_line
    anti join set_apart using (line_no)
),

read_cells as (
    select
        *,
        norm_key(transaction_id) as norm_id,
        case
            when time_text is null then null
            when $form = 'iso_local' then iso_local(time_text)
            when $form = 'iso_utc' then iso_utc(time_text)
            when $form = 'unix' then unix_utc(time_text)
            when $dated then coalesce(stated_time(time_text, $format), iso_local(time_text))
            else stated_time(time_text, $format)
        end as local_at,
        case
            when $comma then comma_amount(revenue_text)
            else point_amount(revenue_text)
        end as first_revenue,
        case
            when $adds
                then list_transform(
                    more_text,
                    lambda x: case when $comma then comma_amount(x) else point_amount(x) end
                )
        end as more_amount,
        case when $comma then comma_amount(cost_text) else point_amount(cost_text) end as cost,
        case
            when $comma then comma_amount(ad_spend_text)
            else point_amount(ad_spend_text)
        end as ad_spend
    from cleaned
),

placed as (
    select
        *,
        case
            when $in_utc then local_at
            when zone_code is not null then local_at - to_seconds(code_offset(zone_code))
            when $zone is not null then timezone($zone, local_at) at time zone 'UTC'
            else local_at - to_seconds($shift)
        end as occurred_at,
        case
            when not $adds then first_revenue
            when len(list_filter(more_amount, lambda x: x is null)) > 0 then null
            else try_cast(first_revenue + list_sum(more_amount) as decimal(18, 4))
        end as revenue
    from read_cells
)

select
    *,
    null::varchar as source_lines,
    key_hi(norm_id) as key_hi,
    key_lo(norm_id) as key_lo,
    (revenue::decimal(24, 4) * 10000)::bigint as revenue_e4,
    case
        when is_rounded(transaction_id)
            then fault('transaction_id', transaction_id, 'id rounded by Excel: export it as text')
        when is_rounded(campaign_id)
            then fault('campaign_id', campaign_id, 'id rounded by Excel: export it as text')
        when is_rounded(event_id)
            then fault('event_id', event_id, 'id rounded by Excel: export it as text')
        when is_rounded(external_clickid)
            then fault('external_clickid', external_clickid, 'id rounded by Excel: export it as text')
        when is_rounded(clid)
            then fault('clid', clid, 'id rounded by Excel: export it as text')
        when time_text is not null and local_at is null
            then fault('occurred_at', time_text, time_fault(time_text, $form))
        when local_at is not null and not $in_utc and zone_code is not null
            and code_offset(zone_code) is null
            then fault('time_zone', zone_code, 'not one of Pingtree''s zone codes')
        when local_at is not null and occurred_at is null
            then fault('time_zone', zone_code, 'no zone code, and no zone was stated')
        when revenue_text is not null and first_revenue is null
            then fault('revenue', revenue_text, amount_fault(revenue_text, $comma))
        when $adds and revenue is null
            and (revenue_text is not null or len(list_filter(more_text, lambda x: x <> '')) > 0)
            then fault('revenue', array_to_string(list_prepend(coalesce(revenue_text, ''), more_text), ' + '),
                'not every amount that is to be added is one')
        when cost_text is not null and cost is null
            then fault('cost', cost_text, amount_fault(cost_text, $comma))
        when ad_spend_text is not null and ad_spend is null
            then fault('ad_spend', ad_spend_text, amount_fault(ad_spend_text, $comma))
        when currency is not null and not regexp_full_match(currency, '[A-Z]{3}')
            then fault('currency', currency, 'not a currency of three letters')
    end as fault
from placed
