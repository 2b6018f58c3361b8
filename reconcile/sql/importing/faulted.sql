-- One row per line below the header: its values typed, and of a faulty one `fault` with the column, the
-- text and the reason of the first cell that is not exactly of its form. Left out: nothing of typed.
-- Why a text is no amount is asked of one cell: planned for three columns it costs more than all else.
with unread_amount as (
    select
        *,
        case
            when revenue_text is not null and first_revenue is null
                then {'column_name': 'revenue', 'value': revenue_text, 'units': $revenue_units}
            when $adds and revenue is null and added_text(revenue_text, more_text) is not null then null
            when cost_text is not null and cost is null
                then {'column_name': 'cost', 'value': cost_text, 'units': $cost_units}
            when ad_spend_text is not null and ad_spend is null
                then {'column_name': 'ad_spend', 'value': ad_spend_text, 'units': $spend_units}
        end as unread
    from typed
)

select
    * exclude (
        time_text, zone_code, revenue_text, more_text, cost_text, ad_spend_text, unread,
        new_cells, new_text, local_at, first_revenue, more_amount, coin, cost_coin, spend_coin, more_coin
    ),
    case
        when not is_faulty then null
        when new_text is not null
            then fault(
                ($new_headers::varchar [])[filled_place(new_cells)], new_cells[filled_place(new_cells)],
                'a value in a new column, whose rows the template refuses'
            )
        when not $keeps_damaged and is_rounded(transaction_id) then rounded('transaction_id', transaction_id)
        when is_rounded(campaign_id) then rounded('campaign_id', campaign_id)
        when is_rounded(event_id) then rounded('event_id', event_id)
        when is_rounded(external_clickid) then rounded('external_clickid', external_clickid)
        when is_rounded(clid) then rounded('clid', clid)
        when time_text is not null and local_at is null
            then fault('occurred_at', time_text, time_fault(time_text, $form, $zoned))
        when local_at is not null and occurred_at is null
            then fault(
                case when zone_code is null and $zone is not null then 'occurred_at' else 'time_zone' end,
                case when zone_code is null and $zone is not null then time_text else zone_code end,
                zone_fault(zone_code, $zone)
            )
        when unread is not null
            then fault(unread.column_name, unread.value, amount_fault(unread.value, $comma, unread.units))
        when $adds and revenue is null and added_text(revenue_text, more_text) is not null
            then fault('revenue', added_text(revenue_text, more_text), 'one of the amounts to be added is none')
        when clashes(coin, cost_coin, spend_coin, more_coin, currency)
            then fault(
                'revenue', coalesce(revenue_text, cost_text, ad_spend_text),
                'an amount names another currency than its row or its other amounts, ' || currency
            )
        when not regexp_full_match(currency, '[A-Z]{3}')
            then fault('currency', currency, 'not a currency of three letters')
        else fault(null, null, 'cannot be read')
    end as fault
from unread_amount
