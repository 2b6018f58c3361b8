-- One row per line below the header: its values typed; `is_faulty` where a cell is not exactly of its
-- form. Left out: nothing of text_cell.
-- $form: iso_local, iso_utc, unix or stated (then $format). $zone: an IANA name, else $shift seconds
-- east of UTC, else NULL. $comma: amounts are written 1.234,50. $dated: ISO times are taken beside
-- the stated form, as workbooks hold true dates. $adds: amounts of several columns are added up.
-- The key of an id that names no lead is null. $exponents: a number such as 1.23E+15 can be in the text.
-- Trap: a null amount means unknown, never 0; where amounts are added, one unknown makes no sum.
with read_cells as (
    select
        * replace (coalesce(source, $sender) as source),
        norm_id_of(transaction_id) as norm_id,
        case
            when time_text is null then null
            when $form = 'iso_local' then iso_local(time_text)
            when $form = 'iso_utc' then iso_utc(time_text)
            when $form = 'unix' then unix_utc(time_text)
            when $dated then coalesce(stated_time(time_text, $format), iso_local(time_text))
            else stated_time(time_text, $format)
        end as local_at,
        amount(revenue_text, $comma) as first_revenue,
        case when $adds then list_transform(more_text, lambda x: amount(x, $comma)) end as more_amount,
        amount(cost_text, $comma) as cost,
        amount(ad_spend_text, $comma) as ad_spend
    from text_cell
),

placed as (
    select
        *,
        case when usable_id(norm_id) then norm_id end as lead_id,
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
    * exclude (lead_id),
    $file_no::integer as file_no,
    null::varchar as source_lines,
    key_hi(lead_id) as key_hi,
    key_lo(lead_id) as key_lo,
    e4(revenue) as revenue_e4,
    -- The conditions of `fault` in importing/faulted, without what they say.
    case
        when $exponents
            then is_rounded(transaction_id) is true
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
    or case
        when currency in ('USD', 'EUR', 'GBP', 'CAD') or currency is null then false
        else not regexp_full_match(currency, '[A-Z]{3}')
    end as is_faulty
from placed
