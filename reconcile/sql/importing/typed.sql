-- One row per line below the header: its values typed; `is_faulty` where a cell is not exactly of its
-- form. Left out: nothing of text_cell.
-- $form, $format, $zoned, $serials: how times are written (time_iso, time_any). $zone: an IANA name,
-- else $shift seconds east of UTC, else NULL. $gap_hours, $gap_days: when its clocks skip an hour.
-- $comma: amounts are written 1.234,50; $..units: so many are one. $coined: the currency was stated for
-- rows that name none. $adds: amounts of several columns are added up. $exponents: ids may be damaged.
-- $keeps_damaged: a damaged id of a lead is no fault.
-- The key of an id that names no lead is null.
-- Trap: a null amount means unknown, never 0; where amounts are added, one unknown makes no sum.
with read_cells as (
    select
        * replace (coalesce(source, $sender) as source),
        norm_id_of(transaction_id) as norm_id,
        case when time_text is not null then time_of(time_text, $form, $format, $zoned, $serials) end as local_at,
        amount(revenue_text, $comma, $revenue_units) as first_revenue,
        case when $adds then list_transform(more_text, lambda x: amount(x, $comma, $revenue_units)) end as more_amount,
        spent(cost_text, $comma, $cost_units) as cost,
        spent(ad_spend_text, $comma, $spend_units) as ad_spend,
        coin_in(revenue_text) as coin,
        spent_coin(cost_text) as cost_coin,
        spent_coin(ad_spend_text) as spend_coin,
        case when $adds then coins_in(more_text) else [] end as more_coin
    from text_cell
),

placed as (
    select
        *,
        case when usable_id(norm_id) then norm_id end as lead_id,
        case
            when $in_utc then local_at
            when zone_code is not null then local_at - to_seconds(code_offset(zone_code))
            when $zone is not null then utc_in($zone, local_at, $gap_hours, $gap_days)
            else local_at - to_seconds($shift)
        end as occurred_at,
        currency_beside(coalesce(coin, cost_coin, spend_coin, more_coin[1]), currency, $coined) as row_currency,
        case
            when not $adds then first_revenue
            when len(list_filter(more_amount, lambda x: x is null)) > 0 then null
            else try_cast(first_revenue + list_sum(more_amount) as decimal(18, 4))
        end as revenue
    from read_cells
)

select
    * exclude (lead_id, row_currency) replace (row_currency as currency),
    $file_no::integer as file_no,
    null::varchar as source_lines,
    key_hi(lead_id) as key_hi,
    key_lo(lead_id) as key_lo,
    e4(revenue) as revenue_e4,
    -- The conditions of `fault` in importing/faulted, without what they say.
    case
        when $exponents
            then (not $keeps_damaged and is_rounded(transaction_id) is true)
                or is_rounded(campaign_id) is true
                or is_rounded(event_id) is true
                or is_rounded(external_clickid) is true
                or is_rounded(clid) is true
        else false
    end
    or (time_text is not null and occurred_at is null)
    or (revenue_text is not null and first_revenue is null)
    or ($adds and revenue is null and added_text(revenue_text, more_text) is not null)
    or (cost_text is not null and cost is null)
    or (ad_spend_text is not null and ad_spend is null)
    or new_text is not null
    or clashes(coin, cost_coin, spend_coin, more_coin, row_currency)
    or case
        when currency in ('USD', 'EUR', 'GBP', 'CAD') or currency is null then false
        else not regexp_full_match(currency, '[A-Z]{3}')
    end as is_faulty
from placed
