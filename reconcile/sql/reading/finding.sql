-- One row per finding of a stored run that passes the filters, the largest amount at stake of either side first.
-- Left out: what finding_kept leaves out.
select
    ref, class, reason, flags, side, transaction_id, event_id, buyer, campaign_id, day, currency,
    at_stake, other_at_stake, other_currency, bridge, revenue, status, rule, evidence, occurred_at,
    file, line, partner_file, partner_line, rival_file, rival_line, batch, partner_batch,
    finding, state, stale, credited, assignee, note, decision, decided_by, decided_at, decided_reason, postback
from finding_kept
order by greatest(at_stake, other_at_stake) desc nulls last, class nulls last, file nulls last, line nulls last
limit $limit offset $offset
