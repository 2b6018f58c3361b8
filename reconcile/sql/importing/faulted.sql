-- One row per line below the header: its values typed, and of a faulty one `fault` with the column, the
-- text and the reason of the first cell that is not exactly of its form. Left out: nothing of typed.
select
    * exclude (
        time_text, zone_code, revenue_text, more_text, cost_text, ad_spend_text,
        local_at, first_revenue, more_amount
    ),
    case
        when not is_faulty then null
        when is_rounded(transaction_id) then rounded('transaction_id', transaction_id)
        when is_rounded(campaign_id) then rounded('campaign_id', campaign_id)
        when is_rounded(event_id) then rounded('event_id', event_id)
        when is_rounded(external_clickid) then rounded('external_clickid', external_clickid)
        when is_rounded(clid) then rounded('clid', clid)
        when time_text is not null and local_at is null
            then fault('occurred_at', time_text, time_fault(time_text, $form))
        when local_at is not null and occurred_at is null
            then fault('time_zone', zone_code, zone_fault(zone_code))
        when revenue_text is not null and first_revenue is null
            then fault('revenue', revenue_text, amount_fault(revenue_text, $comma))
        when $adds and revenue is null and added_text(revenue_text, more_text) is not null
            then fault('revenue', added_text(revenue_text, more_text), 'one of the amounts to be added is none')
        when cost_text is not null and cost is null
            then fault('cost', cost_text, amount_fault(cost_text, $comma))
        when ad_spend_text is not null and ad_spend is null
            then fault('ad_spend', ad_spend_text, amount_fault(ad_spend_text, $comma))
        when not regexp_full_match(currency, '[A-Z]{3}')
            then fault('currency', currency, 'not a currency of three letters')
        else fault(null, null, 'cannot be read')
    end as fault
from typed
