-- One row per finding of a stored run that passes the filters, in the order that is asked for: $order names what is
-- compared, $falling the greatest first. What is unknown comes last; of equal ones the largest amount at stake first.
-- credited and other_credited are what is credited in each currency, the finding's own before the other.
-- Left out: what finding_kept leaves out.
select
    ref, class, reason, flags, side, transaction_id, event_id, buyer, campaign_id, day, currency,
    at_stake, other_at_stake, other_currency, bridge, revenue, status, rule, evidence, occurred_at,
    file, line, partner_file, partner_line, rival_file, rival_line, batch, partner_batch,
    finding, state, stale,
    money_of(credits_of(credits, currency, other_currency)[1].e4) as credited,
    credits_of(credits, currency, other_currency)[1].currency as credited_in,
    money_of(credits_of(credits, currency, other_currency)[2].e4) as other_credited,
    credits_of(credits, currency, other_currency)[2].currency as other_credited_in,
    assignee, note, decision, decided_by, decided_at, decided_reason, postback, sorted_by,
    case $order
        when 'class' then lpad(cast(list_position($classes, class) as varchar), 2, '0') || coalesce(reason, '')
        when 'day' then cast(day as varchar)
        when 'transaction_id' then lower(transaction_id)
        when 'event' then lower(event_id)
        when 'buyer' then lower(buyer)
        when 'currency' then currency
        when 'state' then state
        when 'status' then lower(status)
        when 'file' then lower(regexp_extract(file, '[^/]*$'))
    end as order_text,
    case $order when 'at_stake' then sorted_by when 'revenue' then revenue when 'file' then line end as order_number
from finding_kept
order by
    case when $falling then order_text end desc nulls last, case when not $falling then order_text end nulls last,
    case when $falling then order_number end desc nulls last, case when not $falling then order_number end nulls last,
    sorted_by desc nulls last, class nulls last, file nulls last, line nulls last, ref nulls last, finding nulls last
limit $limit offset $offset
