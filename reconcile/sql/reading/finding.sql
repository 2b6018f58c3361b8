-- One row per finding of a stored run that passes the filters, the largest amount at stake first.
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
    assignee, note, decision, decided_by, decided_at, decided_reason, postback, sorted_by
from finding_kept
order by sorted_by desc nulls last, class nulls last, file nulls last, line nulls last
limit $limit offset $offset
